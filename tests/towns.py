"""The test town: one project with a vote and a call for ideas, one that comes later, one that is not public."""

from datetime import datetime
from io import BytesIO
from typing import Any

from participation.seeding import plant
from participation.seeds import (
    Seed,
    SeedActivity,
    SeedCity,
    SeedComment,
    SeedDocument,
    SeedIdea,
    SeedMilestone,
    SeedOption,
    SeedPlace,
    SeedProject,
    SeedResident,
    SeedVote,
)
from storage.database import Database

LANGUAGES = ("nl", "fr", "de", "en")
PROJECT, VOTE, IDEAS, CLOSED = 1, 1, 2, 3
"""Ids in a freshly planted town."""


def words(text: str) -> dict[str, str]:
    """The text in every language, each marked with its language in guillemets."""
    return {language: f"«{language} {text}»" for language in LANGUAGES}


def picture(colour: str = "green") -> bytes:
    """A small JPEG."""
    from PIL import Image

    body = BytesIO()
    Image.new("RGB", (64, 40), colour).save(body, "JPEG")
    return body.getvalue()


def seed(**changes: Any) -> Seed:
    """The town's file; ``changes`` replace whole fields of the Seed."""
    plans = [
        SeedOption(words(f"Plan {letter}"), words(f"What {letter} is"), f"{letter}.jpg", words(f"Picture {letter}"))
        for letter in "ABC"
    ]
    project = SeedProject(
        "square",
        words("The square"),
        words("Three plans"),
        body=words("All about it"),
        photo="square.jpg",
        photo_description=words("The square today"),
        place=SeedPlace(51.23, 5.31, "Stationsplein"),
        budget_euros=2_400_000,
        partners=["Stad", "NMBS"],
        documents=[SeedDocument(words("The plan"), "plan.pdf"), SeedDocument(words("Web"), url="https://example.org/")],
        milestones=[
            SeedMilestone("-60 days 19:00", words("A walk"), words("We walked")),
            SeedMilestone("+60 days 19:00", words("The council decides")),
        ],
        activities=[
            SeedActivity(
                "plans",
                "choice",
                words("Which plan?"),
                "-10 days 08:00",
                words("Choose."),
                "+20 days 18:00",
                options=plans,
            ),
            SeedActivity("ideas", "ideas", words("Your idea"), "-10 days 09:00", words("Tell us."), "+20 days 18:00"),
            SeedActivity(
                "first",
                "choice",
                words("What first?"),
                "-40 days 08:00",
                words("Choose."),
                "-20 days 18:00",
                shuffled=False,
                options=[SeedOption(words("Trees")), SeedOption(words("Lights"))],
            ),
        ],
    )
    later = SeedProject(
        "art",
        words("Art"),
        words("Later"),
        activities=[
            SeedActivity("ideas", "ideas", words("Art idea"), "+5 days 09:00", words("x"), moderation="before"),
        ],
    )
    secret = SeedProject(
        "secret",
        words("Secret"),
        words("Not public"),
        status="draft",
        activities=[SeedActivity("vote", "choice", words("Hush?"), "-1 days 08:00", options=plans[:2])],
    )
    people = [SeedResident(f"r{n}", f"Inwoner {n}", LANGUAGES[n % 4], "-30 days 10:00") for n in range(1, 7)]
    ideas = [
        SeedIdea(
            "i1",
            "square/ideas",
            "r1",
            "Meer banken onder de linde.",
            "-5 days 10:00",
            photo="bench.jpg",
            photo_description={"nl": "Een bank"},
            place=SeedPlace(51.231, 5.311),
            supported_by=["r2", "r3"],
            comments=[
                SeedComment("r2", "Goed idee!", "-4 days 10:00"),
                SeedComment("r1", "Dank u.", "-4 days 11:00", reply_to=1),
            ],
        ),
        SeedIdea("i2", "square/ideas", "r2", "Une fontaine au milieu.", "-3 days 10:00", anonymous=True),
    ]
    votes = [SeedVote("square/plans", f"r{n}", n % 3 + 1, "-2 days 10:00") for n in range(1, 6)]
    votes += [SeedVote("square/first", f"r{n}", 1, "-30 days 10:00") for n in range(1, 4)]
    city = SeedCity(
        "testdorp",
        words("Testdorp"),
        "nl",
        "Europe/Brussels",
        words("Decide along."),
        words("A test."),
        words("Call us."),
    )
    return Seed(
        **(
            {"city": city, "projects": [project, later, secret], "residents": people, "ideas": ideas, "votes": votes}
            | changes
        )
    )


async def plant_town(db: Database, now: datetime) -> None:
    """Plant the test town."""
    await db.turn(lambda store: plant(store, seed(), read, now))


def read(path: str) -> bytes:
    """The bytes of a file that the town names."""
    return b"%PDF-1.4 plan" if path.endswith(".pdf") else picture(("red", "green", "blue", "gold")[len(path) % 4])
