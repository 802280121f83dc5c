"""Photos: kept once, known to each channel by its own file id, and gone when they are removed."""

from hashlib import sha256

from storage.database import Database
from storage.photos import Photo
from storage.store import Store
from tests.clock import TestClock
from tests.towns import picture


async def test_the_same_photo_of_the_staff_is_kept_once_for_each_description(db: Database, clock: TestClock) -> None:
    def visit(store: Store) -> list[int]:
        add = store.photos.add_body
        bench, tree = {"nl": "Een bank"}, {"nl": "Een boom"}
        green, red = picture("green"), picture("red")
        photos = ((green, bench), (green, tree), (red, bench), (green, bench))
        return [add(body, words, clock()) for body, words in photos]

    assert await db.turn(visit) == [1, 2, 3, 1]


async def test_a_photo_of_the_staff_has_its_bytes_and_no_channel(db: Database, clock: TestClock) -> None:
    at, body = clock(), picture()
    photo_id = await db.turn(lambda store: store.photos.add_body(body, {"nl": "Groen"}, at))
    digest = sha256(body).hexdigest()
    assert await db.turn(lambda store: store.photos.get(photo_id)) == Photo(
        photo_id, {"nl": "Groen"}, digest, None, None, at, {}
    )
    assert await db.turn(lambda store: store.photos.body(photo_id)) == body


async def test_a_resident_s_photo_waits_at_its_channel_until_its_bytes_come(db: Database, clock: TestClock) -> None:
    at, body = clock(), picture("red")
    photo_id = await db.turn(lambda store: store.photos.add_file("telegram", "AgAC", at))
    waiting = Photo(photo_id, {}, None, "telegram", "AgAC", at, {"telegram": "AgAC"})
    assert await db.turn(lambda store: (store.photos.get(photo_id), store.photos.body(photo_id))) == (waiting, None)
    await db.turn(lambda store: store.photos.fill(photo_id, body))
    filled = Photo(photo_id, {}, sha256(body).hexdigest(), "telegram", "AgAC", at, waiting.files)
    assert await db.turn(lambda store: (store.photos.get(photo_id), store.photos.body(photo_id))) == (filled, body)


async def test_each_channel_knows_a_photo_by_the_file_id_that_it_gave_last(db: Database, clock: TestClock) -> None:
    def visit(store: Store) -> Photo | None:
        photo_id = store.photos.add_file("telegram", "AgAC", clock())
        store.photos.learn(photo_id, "web", "w1")
        store.photos.learn(photo_id, "telegram", "AgAD")
        return store.photos.get(photo_id)

    photo = await db.turn(visit)
    assert photo is not None
    assert photo.files == {"telegram": "AgAD", "web": "w1"}


async def test_a_photo_that_was_removed_is_gone_and_stays_gone(db: Database, clock: TestClock) -> None:
    def visit(store: Store) -> list[object]:
        photo_id = store.photos.add_file("telegram", "AgAC", clock())
        store.photos.remove(photo_id)
        store.photos.remove(photo_id)
        store.photos.learn(photo_id, "telegram", "AgAC")
        store.photos.fill(photo_id, b"late")
        return [
            store.photos.get(photo_id),
            store.photos.body(photo_id),
        ]

    assert await db.turn(visit) == [None, None]


async def test_what_shows_a_photo_that_was_removed_stays_without_it(town: Database) -> None:
    def visit(store: Store) -> tuple[bool, str]:
        project = store.projects.by_key("square")
        assert project is not None
        assert project.photo_id is not None
        store.photos.remove(project.photo_id)
        after = store.projects.get(project.id)
        assert after is not None
        return after.photo_id is None, after.key

    assert await town.turn(visit) == (True, "square")


async def test_a_photo_of_the_staff_is_never_shared_with_a_resident_s(db: Database, clock: TestClock) -> None:
    def visit(store: Store) -> tuple[int, int]:
        sent = store.photos.add_file("telegram", "AgAC", clock())
        store.photos.fill(sent, picture())
        return sent, store.photos.add_body(picture(), {}, clock())

    sent, added = await db.turn(visit)
    assert added != sent
