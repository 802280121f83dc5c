// What the page itself says, in the reader's language; what the bot says comes from the bot.

const WORDS = {
  en: {
    write: "Write a message…", message: "Your message", send: "Send", menu: "Menu", attach: "Attach", photo: "Attach photo", file: "Attach file", place: "Share place",
    here: "Use where I am now", type: "Or paste a link to a map, or type the coordinates", wrong: "There is no place in this. Write it as 51.2304, 5.3143.",
    unknown: "Your device did not tell where you are.", sendPlace: "Send this place", map: "Open on the map",
    edit: "Edit", edited: "edited", editing: "Edit message", stop: "Stop editing", answering: "Your answer to", stopAnswer: "Do not answer this",
    earlier: "Earlier messages", latest: "To the latest message", fresh: "New messages", many: "{n} new messages",
    offline: "No connection. What you send is kept and goes out later.", waking: "The bot is waking up. What you write is kept.",
    hasty: "One moment please. What you sent is kept and goes out in {n} seconds.", waiting: "Waiting to be sent",
    cancel: "Cancel", close: "Close", ok: "OK", picture: "photo", pictureOf: "photo {n} of {m}", large: "Show large", download: "Download",
    copy: "Copy the code", copied: "Copied", failed: "This did not work. Please try again.", noPicture: "This is no picture: {name}.", noBytes: "This file is empty: {name}.", big: "This file is too big. At most {n} MB is possible.",
    nothing: "There are no commands yet.", yours: "You", theirs: "City", log: "Conversation",
    keys: "Quick answers", showKeys: "Show quick answers", hideKeys: "Hide quick answers", contact: "This page never shares your telephone number.",
    keep: "Keep this conversation", keepText: "With this code you can open this conversation in another browser; it is shown once.",
    recover: "I have a recovery code", recoverLabel: "Your recovery code", recoverText: "This browser then shows that conversation in place of this one.",
    recoverOk: "Open my conversation", codeWrong: "This code is not right. Please check it.", codeWait: "These were too many tries. Please wait {n} minutes.",
    leave: "Leave this browser", leaveText: "This browser then forgets the conversation. Without a code or a connected chat, you cannot open it again.", leaveOk: "Leave",
  },
  nl: {
    write: "Schrijf een bericht…", message: "Uw bericht", send: "Versturen", menu: "Menu", attach: "Toevoegen", photo: "Foto toevoegen", file: "Bestand toevoegen", place: "Plek delen",
    here: "Gebruik waar ik nu ben", type: "Of plak een link naar een kaart, of typ de coördinaten", wrong: "Hier staat geen plek in. Schrijf het zo: 51.2304, 5.3143.",
    unknown: "Uw toestel zei niet waar u bent.", sendPlace: "Deze plek versturen", map: "Op de kaart openen",
    edit: "Wijzigen", edited: "gewijzigd", editing: "Bericht wijzigen", stop: "Niet wijzigen", answering: "Uw antwoord op", stopAnswer: "Hier niet op antwoorden",
    earlier: "Eerdere berichten", latest: "Naar het laatste bericht", fresh: "Nieuwe berichten", many: "{n} nieuwe berichten",
    offline: "Geen verbinding. Wat u verstuurt, wordt bewaard en vertrekt later.", waking: "De bot wordt wakker. Wat u schrijft, wordt bewaard.",
    hasty: "Een ogenblik. Wat u verstuurde, is bewaard en vertrekt over {n} seconden.", waiting: "Wacht om te vertrekken",
    cancel: "Annuleren", close: "Sluiten", ok: "OK", picture: "foto", pictureOf: "foto {n} van {m}", large: "Groot tonen", download: "Downloaden",
    copy: "Code kopiëren", copied: "Gekopieerd", failed: "Dit is niet gelukt. Probeer het opnieuw.", noPicture: "Dit is geen afbeelding: {name}.", noBytes: "Dit bestand is leeg: {name}.", big: "Dit bestand is te groot. Hoogstens {n} MB is mogelijk.",
    nothing: "Er zijn nog geen opdrachten.", yours: "U", theirs: "Stad", log: "Gesprek",
    keys: "Snelle antwoorden", showKeys: "Snelle antwoorden tonen", hideKeys: "Snelle antwoorden verbergen", contact: "Deze pagina deelt uw telefoonnummer nooit.",
    keep: "Dit gesprek bewaren", keepText: "Deze code opent dit gesprek in een andere browser; u ziet hem één keer.",
    recover: "Ik heb een herstelcode", recoverLabel: "Uw herstelcode", recoverText: "Deze browser toont dan dat gesprek in plaats van dit gesprek.",
    recoverOk: "Mijn gesprek openen", codeWrong: "Deze code klopt niet. Kijk hem na.", codeWait: "Dit waren te veel pogingen. Wacht {n} minuten.",
    leave: "Deze browser verlaten", leaveText: "Deze browser vergeet dan het gesprek. Zonder code of gekoppeld gesprek kunt u het niet meer openen.", leaveOk: "Verlaten",
  },
  fr: {
    write: "Écrivez un message…", message: "Votre message", send: "Envoyer", menu: "Menu", attach: "Joindre", photo: "Joindre une photo", file: "Joindre un fichier", place: "Partager un lieu",
    here: "Utiliser ma position", type: "Ou collez un lien vers une carte, ou tapez les coordonnées", wrong: "Ceci ne contient pas de lieu. Écrivez-le ainsi : 51.2304, 5.3143.",
    unknown: "Votre appareil n’a pas dit où vous êtes.", sendPlace: "Envoyer ce lieu", map: "Ouvrir la carte",
    edit: "Modifier", edited: "modifié", editing: "Modifier le message", stop: "Ne pas modifier", answering: "Votre réponse à", stopAnswer: "Ne pas y répondre",
    earlier: "Messages précédents", latest: "Au dernier message", fresh: "Nouveaux messages", many: "{n} nouveaux messages",
    offline: "Pas de connexion. Vos messages sont conservés et partiront plus tard.", waking: "Le bot se réveille. Ce que vous écrivez est conservé.",
    hasty: "Un instant, s’il vous plaît. Votre message est conservé et part dans {n} secondes.", waiting: "En attente d’envoi",
    cancel: "Annuler", close: "Fermer", ok: "OK", picture: "photo", pictureOf: "photo {n} sur {m}", large: "Agrandir", download: "Télécharger",
    copy: "Copier le code", copied: "Copié", failed: "Cela n’a pas fonctionné. Veuillez réessayer.", noPicture: "Ceci n’est pas une image : {name}.", noBytes: "Ce fichier est vide : {name}.", big: "Ce fichier est trop grand. La limite est de {n} Mo.",
    nothing: "Il n’y a pas encore de commandes.", yours: "Vous", theirs: "Ville", log: "Conversation",
    keys: "Réponses rapides", showKeys: "Montrer les réponses rapides", hideKeys: "Cacher les réponses rapides", contact: "Cette page ne partage jamais votre numéro de téléphone.",
    keep: "Garder cette conversation", keepText: "Ce code, montré une seule fois, ouvre cette conversation dans un autre navigateur.",
    recover: "J’ai un code de récupération", recoverLabel: "Votre code de récupération", recoverText: "Ce navigateur montre alors cette autre conversation à la place de celle-ci.",
    recoverOk: "Ouvrir ma conversation", codeWrong: "Ce code n’est pas correct. Veuillez le vérifier.", codeWait: "Il y a eu trop d’essais. Veuillez attendre {n} minutes.",
    leave: "Quitter ce navigateur", leaveText: "Ce navigateur oublie alors la conversation. Sans code ni conversation reliée, vous ne pourrez plus l’ouvrir.", leaveOk: "Quitter",
  },
  de: {
    write: "Nachricht schreiben…", message: "Ihre Nachricht", send: "Senden", menu: "Menü", attach: "Anhängen", photo: "Foto anhängen", file: "Datei anhängen", place: "Ort teilen",
    here: "Meinen Standort nehmen", type: "Oder einen Link zu einer Karte einfügen oder die Koordinaten eingeben", wrong: "Darin steht kein Ort. Bitte schreiben Sie es so: 51.2304, 5.3143.",
    unknown: "Ihr Gerät hat nicht gesagt, wo Sie sind.", sendPlace: "Diesen Ort senden", map: "Auf der Karte öffnen",
    edit: "Ändern", edited: "geändert", editing: "Nachricht ändern", stop: "Nicht ändern", answering: "Ihre Antwort auf", stopAnswer: "Darauf nicht antworten",
    earlier: "Frühere Nachrichten", latest: "Zur neuesten Nachricht", fresh: "Neue Nachrichten", many: "{n} neue Nachrichten",
    offline: "Keine Verbindung. Was Sie senden, wird aufbewahrt und später zugestellt.", waking: "Der Bot wacht auf. Was Sie schreiben, wird aufbewahrt.",
    hasty: "Einen Moment bitte. Ihre Nachricht ist aufbewahrt und geht in {n} Sekunden hinaus.", waiting: "Wartet auf das Senden",
    cancel: "Abbrechen", close: "Schließen", ok: "OK", picture: "Foto", pictureOf: "Foto {n} von {m}", large: "Groß zeigen", download: "Herunterladen",
    copy: "Code kopieren", copied: "Kopiert", failed: "Das hat nicht geklappt. Bitte versuchen Sie es noch einmal.", noPicture: "Das ist kein Bild: {name}.", noBytes: "Diese Datei ist leer: {name}.", big: "Diese Datei ist zu groß. Höchstens {n} MB sind möglich.",
    nothing: "Es gibt noch keine Befehle.", yours: "Sie", theirs: "Stadt", log: "Gespräch",
    keys: "Schnelle Antworten", showKeys: "Schnelle Antworten zeigen", hideKeys: "Schnelle Antworten verbergen", contact: "Diese Seite gibt Ihre Telefonnummer niemals weiter.",
    keep: "Dieses Gespräch behalten", keepText: "Mit diesem Code öffnen Sie das Gespräch anderswo; Sie sehen ihn nur einmal.",
    recover: "Ich habe einen Code", recoverLabel: "Ihr Code", recoverText: "Dieser Browser zeigt dann jenes Gespräch anstelle von diesem.",
    recoverOk: "Mein Gespräch öffnen", codeWrong: "Dieser Code stimmt nicht. Bitte prüfen Sie ihn.", codeWait: "Das waren zu viele Versuche. Bitte warten Sie {n} Minuten.",
    leave: "Diesen Browser verlassen", leaveText: "Dieser Browser vergisst dann das Gespräch. Ohne Code oder verbundenen Chat können Sie es nicht mehr öffnen.", leaveOk: "Verlassen",
  },
};

export const w = { ...WORDS.en };
export let locale = "en-GB";

// Speak a language, English where it is none of ours; dates are written as the reader's own region writes them.
export function speak(language) {
  const short = WORDS[language.slice(0, 2).toLowerCase()] ? language.slice(0, 2).toLowerCase() : "en";
  const own = (navigator.languages || []).find((one) => one.toLowerCase().startsWith(short));
  Object.assign(w, WORDS[short]);
  locale = own || (short === "en" ? "en-GB" : short);
  document.documentElement.lang = short;
}

export const filled = (sentence, values) => sentence.replace(/\{(\w+)\}/g, (_, name) => values[name]);
