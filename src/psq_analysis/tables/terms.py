"""The values that columns of the tables may take, by name."""

from __future__ import annotations

STAKEHOLDERS = (
    "policiers",
    "gendarmes",
    "élus",
    "autorités judiciaires et administratives",
    "polices municipales",
    "transports",
    "bailleurs et services sociaux",
    "sécurité privée",
    "associations",
    "commerçants",
    "habitants",
)
# eleven voices in four families, so that they can be crossed with territories without small cells
VOICE_FAMILIES = {
    "policiers": "forces de l'ordre",
    "gendarmes": "forces de l'ordre",
    "élus": "élus, autorités et partenaires",
    "autorités judiciaires et administratives": "élus, autorités et partenaires",
    "polices municipales": "élus, autorités et partenaires",
    "transports": "élus, autorités et partenaires",
    "bailleurs et services sociaux": "élus, autorités et partenaires",
    "sécurité privée": "élus, autorités et partenaires",
    "associations": "associations et commerçants",
    "commerçants": "associations et commerçants",
    "habitants": "habitants",
}

# classes of communes by population, each with its least: 2 000 inhabitants together make an « unité urbaine » (INSEE)
COMMUNE_SIZES = {
    "moins de 500 hab.": 0,
    "500 à 1 999 hab.": 500,
    "2 000 à 4 999 hab.": 2_000,
    "5 000 à 19 999 hab.": 5_000,
    "20 000 à 49 999 hab.": 20_000,
    "50 000 à 199 999 hab.": 50_000,
    "200 000 hab. et plus": 200_000,
}
TERRITORY_TYPES = ("urbain", "periurbain", "rural", "indetermine")
TERRITORIES = ("urbain", "periurbain", "rural", "outre_mer", "indetermine")
SCHEMES = ("theme", "objective", "fundamental", "tone")
SHEET = "source_sheet"  # no file but a workbook has sheets: a table made from others may leave the column out
# what a table made from others may leave out
UNSAID: dict[str, object] = {SHEET: None, "is_turn": False, "language": "fr"}
COUNTED = (*SCHEMES, "subtheme")  # what shares are given of
ORIGINS = ("codebook", "model", "human")

OUT_OF_SCOPE = "hors_champ"
OTHER = "autre"
NO_CONTENT = "sans_contenu"
UNDETERMINED = "indetermine"
OVERSEAS = "outre_mer"
QUOTE_SECTIONS = ("subthemes", "codes", "report")
ROLES = ("centre", "edge", "dissent")
AREA_LEVELS = ("commune", "epci", "department", "region", "elsewhere")
FLOW_STEPS = (
    "received",
    "incomplete",
    "silent",
    "organised",
    "counted",
    "remarks",
    "noise",
    "campaigns",
    "campaign_respondents",
    "campaign_remarks",
    "campaign_among",
    "undetermined",
    "overseas",
)
DEMAND_KINDS = ("demande", "irritant", "satisfaction")
QUESTION_KINDS = ("choice", "scale", "several")
