"""Fictional respondents from which exports are made: what each one said, and what must come out of any faithful reading."""

from __future__ import annotations

import random
from dataclasses import dataclass, field

VOICES = {
    "Habitant(e)": "habitants",
    "Élu(e) local(e)": "élus",
    "Commerçant(e), artisan": "commerçants",
    "Membre d'une association": "associations",
    "Bailleur social": "bailleurs et services sociaux",
    "Policier municipal": "polices municipales",
    "Gendarme": "gendarmes",
    "Conducteur de bus": "transports",
    "Agent de sécurité privée": "sécurité privée",
}
COMMUNES = {
    "Auch": "32013", "Condom": "32107", "Fleurance": "32132", "Mirande": "32256", "Lectoure": "32208", "Eauze": "32119",
    "Gimont": "32147", "Nogaro": "32296", "Samatan": "32410", "Masseube": "32242", "Seissan": "32426", "L'Isle-Jourdain": "32160",
}  # fmt: skip
CONCERNS = [
    "Bruit", "Vols et cambriolages", "Vitesse", "Trafic de stupéfiants", "Incivilités, dégradations", "Accueil en brigade",
]  # fmt: skip
SATISFACTION = ["Très satisfait", "Plutôt satisfait", "Peu satisfait", "Pas du tout satisfait"]
PROBLEMS = [
    "Les scooters tournent sous nos fenêtres jusqu'à deux heures du matin.",
    "On a forcé la porte du garage deux fois cet hiver ; personne n'est venu relever les traces.",
    "RAS",
    "- la vitesse sur la route de la gare\n- les camions devant l'école",
    "Le hall est squatté chaque soir, les locataires n'osent plus descendre.",
    "= toujours le même carrefour, sans feu ni passage piéton",
    "Je n'ai jamais vu une patrouille à pied dans ma rue.",
    "vitesse",
    'Mon fils a été suivi entre le collège et l\'arrêt de bus, "juste pour rire" paraît-il.',
    "Il manque de lumière derrière la halle & autour du lavoir.",
    "+ de chiens errants depuis l'été, un enfant a été mordu",
    "néant",
    "Les vols de gasoil recommencent dès que les soirées raccourcissent.",
    "Au guichet on m'a dit de revenir trois fois pour la même plainte.",
    "Les dépôts sauvages derrière la déchetterie : matelas, pneus, frigos.",
    "Des inconnus proposent des devis de toiture aux personnes âgées.",
    "<10 minutes d'attente ? Jamais : c'est plutôt une heure.",
    "Rien à dire, tout va bien chez nous, le village est tranquille.",
]
IDEAS = [
    "Des rondes à pied à la sortie des classes, une heure suffirait.",
    "Un numéro direct, avec quelqu'un qui connaît le canton.",
    "Rouvrir l'accueil le samedi matin.",
    "idem",
    "Un radar pédagogique ; ensuite, de vrais contrôles.",
    "Rappeler les gens après une plainte, même pour dire que rien n'a été trouvé.",
    "Plus d'éclairage",
    "Former ensemble policiers municipaux et gendarmes, deux jours par an.",
    "Aucune idée, c'est à vous de nous dire.",
    "Organiser une réunion publique chaque trimestre et publier le compte rendu.",
    "voir plus haut",
    "Que la brigade de Nogaro ne ferme plus le mercredi.",
    "Des caméras à l'entrée de la zone artisanale, mais pas dans les rues.",
    "Un médiateur le soir près de la salle des fêtes.",
    "Moins de paperasse pour les agents, plus de terrain.",
    "Installer un arceau pour les vélos devant la gare.",
]
FREE_OTHERS = ["les quads dans les vignes le dimanche", "le démarchage à domicile", "les pigeons de la halle"]
FIRST_NAMES = [
    "Odile",
    "Karim",
    "Mireille",
    "Jean-Paul",
    "Yvette",
    "Bruno",
    "Kheira",
    "Sandrine",
    "Lucas",
    "Maylis",
    "Guy",
    "Nadège",
]
LAST_NAMES = [
    "Castagnède",
    "Labarthète",
    "Dubosc",
    "Pujolle",
    "Sempé",
    "Lahitte",
    "Etcheto",
    "Sorbets",
    "Baradat",
    "Oulès",
    "Vergès",
    "Tissot",
]
HANDLES = [
    "mamie_lucette",
    "tonton.raymond32",
    "zizou-du-gers",
    "LaFerme3Chenes",
    "kb_32",
    "velo-auch",
    "pitchoun65",
    "g.toulza",
    "neo_rural",
    "solidaire32",
    "le_grincheux",
    "yvette.s",
]


@dataclass
class Person:
    """One respondent as they are, whatever the exporter does with them."""

    number: int
    voice_label: str
    commune: str
    satisfaction: str
    concerns: list[str]
    other: str
    problem: str
    idea: str
    first_name: str
    last_name: str
    handle: str
    is_complete: bool = True

    @property
    def email(self) -> str:
        return f"{self.handle.replace('_', '.').lower()}@courriel.example"

    @property
    def phone(self) -> str:
        return f"06 39 98 {self.number % 90 + 10:02d} {(self.number * 7) % 90 + 10:02d}"

    @property
    def voice(self) -> str:
        return VOICES[self.voice_label]


@dataclass
class Expected:
    """What a faithful reading gives for one respondent; ``closed`` are the answers that must be in the table, and no others to them."""

    voice: str | None
    commune: str | None
    remarks: dict[str, str | list[str]]
    closed: dict[str, list[str]]
    is_complete: bool = True
    row: int | None = None


@dataclass
class Case:
    """One export and what must be read from it."""

    name: str
    content: bytes
    respondents: list[Expected]
    secrets: list[str] = field(default_factory=list)
    mapping: dict | None = None


def crowd(
    seed: int, size: int = 11, *, incomplete: tuple[int, ...] = (), with_other: bool = True
) -> list[Person]:
    """Return ``size`` respondents, the same for the same seed; the numbers in ``incomplete`` did not send their answers."""
    rng = random.Random(seed)
    problems, ideas = rng.sample(PROBLEMS, len(PROBLEMS)), rng.sample(IDEAS, len(IDEAS))
    names, handles = rng.sample(FIRST_NAMES, len(FIRST_NAMES)), rng.sample(HANDLES, len(HANDLES))
    last = rng.sample(LAST_NAMES, len(LAST_NAMES))
    people = []
    for n in range(size):
        label = "Habitant(e)" if rng.random() < 0.4 else rng.choice(list(VOICES))
        concerns = sorted(rng.sample(CONCERNS, rng.randint(1, 3)), key=CONCERNS.index)
        other = rng.choice(FREE_OTHERS) if with_other and rng.random() < 0.2 else ""
        people.append(
            Person(
                n, label, rng.choice(list(COMMUNES)), rng.choice(SATISFACTION), concerns, other,
                problems[n % len(problems)] if rng.random() < 0.85 else "", ideas[n % len(ideas)] if rng.random() < 0.75 else "",
                names[n % 12], last[n % 12], handles[n % 12], n not in incomplete,
            )
        )  # fmt: skip
    return people


def secrets_of(people: list[Person], *kinds: str) -> list[str]:
    """Return the values that may appear in no table."""
    return [str(getattr(person, kind)) for person in people for kind in kinds]


def said(**answers: str) -> dict[str, str]:
    """Return the answers that are not blank."""
    return {question: text for question, text in answers.items() if text.strip()}


def beside(question: str, other: str) -> tuple[dict[str, str], dict[str, list[str]]]:
    """Return where what stands beside « Autre » goes: a sentence is a remark, a few words are one more closed answer."""
    if not other:
        return {}, {}
    return ({question: other}, {}) if len(other.split()) >= 6 else ({}, {question: [other]})
