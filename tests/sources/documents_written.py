# ruff: noqa: SIM115, N802, N803, PLR0915, PLR0917, E741 (a script that writes thirty files, one after the other)
"""Minutes, messages and corpora as people and programs write them, with what a person reads in them.

Each round was written before the readers had seen it, and kept. Names, facts and addresses are invented.
"""

from __future__ import annotations

import mailbox
from email.message import EmailMessage

import docx
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import parse_xml


def P(voice, commune, *remarks, **also):
    """One person: voice, « commune|département », how each remark begins; ``accept_…`` for what is right as well."""
    return {"voice": voice, "commune": commune, "remarks": list(remarks), **also}


W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def esc(t):
    return t.replace("&", "&amp;").replace("<", "&lt;")


class D:
    def __init__(self):
        self.d = docx.Document()

    def p(self, t, style=None, bold=False, underline=False, caps=False, center=False):
        p = self.d.add_paragraph(style=style)
        r = p.add_run(t)
        r.bold = bold or None
        r.underline = underline or None
        if caps:
            r.font.all_caps = True
        return p

    def runs(self, *parts, style=None):
        p = self.d.add_paragraph(style=style)
        for t, b in parts:
            r = p.add_run(t)
            r.bold = b or None
        return p

    def h(self, t, l=1):
        return self.d.add_heading(t, l)

    def b(self, t):
        return self.d.add_paragraph(t, style="List Bullet")

    def n(self, t):
        return self.d.add_paragraph(t, style="List Number")

    def table(self, rows, style="Table Grid"):
        t = self.d.add_table(rows=len(rows), cols=len(rows[0]))
        t.style = style
        for i, r in enumerate(rows):
            for j, c in enumerate(r):
                t.cell(i, j).text = c
        return t

    def raw(self, xml):
        body = self.d.element.body
        el = parse_xml(xml)
        body.insert(len(body) - 1, el)
        return el

    def textbox(self, anchor, *paras):
        inner = "".join(f'<w:p><w:r><w:t xml:space="preserve">{esc(t)}</w:t></w:r></w:p>' for t in paras)
        xml = (
            f'<w:p {W} xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" xmlns:v="urn:schemas-microsoft-com:vml">'
            f'<w:r><w:t xml:space="preserve">{esc(anchor)}</w:t></w:r><w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><wp:anchor><a:graphic><a:graphicData uri="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"><wps:wsp><wps:txbx><w:txbxContent>{inner}</w:txbxContent></wps:txbx></wps:wsp></a:graphicData></a:graphic></wp:anchor></w:drawing></mc:Choice>'
            f"<mc:Fallback><w:pict><v:shape><v:textbox><w:txbxContent>{inner}</w:txbxContent></v:textbox></v:shape></w:pict></mc:Fallback></mc:AlternateContent></w:r></w:p>"
        )
        return self.raw(xml)

    def tracked(self, before, ins, dele, after, style=None):
        st = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
        return self.raw(
            f'<w:p {W}>{st}<w:r><w:t xml:space="preserve">{esc(before)}</w:t></w:r><w:ins w:id="1" w:author="A" w:date="2021-01-01T00:00:00Z"><w:r><w:t xml:space="preserve">{esc(ins)}</w:t></w:r></w:ins><w:del w:id="2" w:author="A" w:date="2021-01-01T00:00:00Z"><w:r><w:delText xml:space="preserve">{esc(dele)}</w:delText></w:r></w:del><w:r><w:t xml:space="preserve">{esc(after)}</w:t></w:r></w:p>'
        )

    def comment(self, p, text):
        self.d.add_comment(p.runs, text=text, author="Relecteur", initials="R")

    def save(self, path):
        self.d.save(path)


def round_1(OUT):
    """Write ten files in ``OUT``; return what each says."""
    EXP = {}

    # 1 --- capitals headings, no style; repeated speakers
    d = D()
    d.p("COMPTE RENDU DE LA RÉUNION DU CONSEIL LOCAL DE SÉCURITÉ", bold=True)
    d.p("Mairie de Jegun, salle du conseil – 12 avril 2022 à 18 h 00")
    d.p(
        "Présents : Mme Lafitte (maire), M. Péré (président de l’association des commerçants), Mme Soubiran (directrice du collège), le major Castéra (gendarmerie)."
    )
    d.p("Excusés : M. Bordes, conseiller départemental.")
    d.p("VITESSE ET STATIONNEMENT")
    d.p("M. Péré : Les poids lourds traversent le bourg sans ralentir.")
    d.p("Une habitante de Lavardens : Le radar pédagogique est débranché depuis la Toussaint.")
    d.p("M. Péré : Il faudrait aussi une zone bleue devant les boutiques.")
    d.p("Réponse de Mme le maire : la zone bleue sera étudiée au budget.")
    d.p("INCIVILITÉS")
    d.p("Mme Soubiran signale des attroupements devant le collège dès sept heures trente.")
    d.p("M. Péré ajoute que les vitrines ont été taguées deux fois en mars.")
    d.p("Une habitante : Plus personne ne ramasse après son chien.")
    d.p("La séance est levée à 19 h 45.")
    d.save(f"{OUT}/01 CLSPD Jegun.docx")
    EXP["01 CLSPD Jegun.docx"] = {
        "n": 4,
        "people": [
            P(
                "commerçants",
                None,
                "Les poids lourds traversent",
                "zone bleue devant les boutiques",
                "taguées deux fois",
                accept_voice=["associations"],
            ),
            P("habitants", "32204", "radar pédagogique"),
            P(
                None,
                None,
                "attroupements devant le collège",
                accept_voice=["autorités judiciaires et administratives", "habitants"],
            ),
            P("habitants", None, "ramasse après son chien"),
        ],
        "nots": ["Castéra", "Bordes", "budget", "Lafitte", "Péré"],
    }

    # 2 --- numbered typed headings, narrative verbs, questions/answers
    d = D()
    d.p("Procès-verbal", style="Title")
    d.p("Réunion publique « Tranquillité » – Isle-Jourdain (32600), 3 juin 2021")
    d.p("1°) Cambriolages")
    d.p("Mme Ducos, habitante du lotissement des Pins, demande pourquoi les rondes ont cessé depuis Noël.")
    d.p("Le commandant de brigade répond que l’effectif est réduit de deux postes.")
    d.p("M. Azéma, artisan à Gimont, regrette que ses outils volés n’aient jamais été recherchés.")
    d.p("2°) Circulation")
    d.p("Mme Ducos demande également un ralentisseur devant l’école.")
    d.p("Plusieurs participants se plaignent des quads dans les chemins.")
    d.p("Le président de l’ACCA de Monferran-Savès : les chasseurs sont insultés sur la route du bois.")
    d.p("3°) Divers")
    d.p("Un jeune du club de rugby indique : « On veut juste un city-stade éclairé. »")
    d.p("Fin de la réunion à 21 heures.")
    d.save(f"{OUT}/02 PV tranquillite.docx")
    EXP["02 PV tranquillite.docx"] = {
        "n": 5,
        "people": [
            P("habitants", None, "rondes ont cessé", "ralentisseur devant", accept_commune=["32160"]),
            P("commerçants", "32147", "outils volés"),
            P(None, None, "quads dans les chemins", accept_voice=["habitants"]),
            P("associations", "32268", "chasseurs sont insultés"),
            P("habitants", None, "city-stade éclairé", accept_voice=["associations"]),
        ],
        "nots": ["effectif est réduit", "Ducos", "Azéma"],
    }

    # 3 --- attendance table gives voice and commune; bare names
    d = D()
    d.h("Comité de pilotage – sécurité du quotidien")
    d.p("Nogaro, le 21 novembre 2019")
    d.h("Émargement", 2)
    d.table(
        [
            ["Prénom NOM", "Fonction", "Commune", "Signature"],
            ["Yves DUPRAT", "Maire", "Manciet", ""],
            ["Carole LESTRADE", "Responsable d’agence, bailleur social", "Nogaro", ""],
            ["Denis FAGET", "Chef de service, police municipale", "Nogaro", ""],
            ["Amélie TOUJAN", "Pharmacienne", "Riscle", ""],
        ]
    )
    d.h("Échanges", 2)
    d.p("DUPRAT : Les vols de gasoil ont repris dans les exploitations.")
    d.p("LESTRADE : Les halls sont dégradés, nos gardiens ont peur.")
    d.p("FAGET : Nous ne recevons aucune information de la brigade.")
    d.p("DUPRAT : La vidéoprotection coûte trop cher pour une commune comme la mienne.")
    d.p("TOUJAN : Deux agressions verbales par semaine au comptoir.")
    d.save(f"{OUT}/03 copil Nogaro.docx")
    EXP["03 copil Nogaro.docx"] = {
        "n": 4,
        "people": [
            P("élus", "32227", "vols de gasoil", "vidéoprotection coûte"),
            P("bailleurs et services sociaux", "32296", "halls sont dégradés"),
            P("polices municipales", "32296", "aucune information"),
            P("commerçants", "32344", "agressions verbales"),
        ],
        "nots": ["Yves", "Lestrade", "LESTRADE", "TOUJAN"],
    }

    # 4 --- text boxes, tracked changes, comment
    d = D()
    d.h("Compte rendu – café citoyen")
    d.p("Samatan, marché couvert, samedi 5 octobre 2019")
    d.h("Se sentir en sécurité", 2)
    d.p("Une commerçante (Samatan) : Le jeudi de foire, on se fait voler à la tire.")
    d.textbox(
        "Paroles recueillies au mur :",
        "Un retraité (Lombez) : Je ferme à clé même le jour.",
        "Une lycéenne (Samatan) : Le car du soir me dépose dans le noir.",
    )
    d.tracked(
        "Un éleveur (Pompiac) : Les tracteurs ",
        "des voisins sont pistés puis volés",
        "sont volés par Untel",
        ".",
    )
    p = d.p("Une infirmière libérale (Samatan) : On m’a crevé trois pneus en tournée.")
    d.comment(p, "À vérifier auprès de Mme Barthe")
    d.h("Ce qui pourrait changer", 2)
    d.b("Habitant de Lombez : un numéro qui répond.")
    d.b("Élue de Cazaux-Savès : une permanence par mois à la mairie.")
    d.save(f"{OUT}/04 cafe citoyen Samatan.docx")
    EXP["04 cafe citoyen Samatan.docx"] = {
        "n": 7,
        "people": [
            P("commerçants", "32410", "voler à la tire"),
            P("habitants", "32213", "ferme à clé"),
            P("habitants", "32410", "car du soir"),
            P("habitants", "32322", "pistés puis volés"),
            P(None, "32410", "crevé trois pneus", accept_voice=["habitants", "commerçants"]),
            P("habitants", "32213", "numéro qui répond"),
            P("élus", "32098", "permanence par mois"),
        ],
        "nots": ["Untel", "Barthe", "À vérifier"],
        "rejects_say": ["comment"],
    }

    # 5 --- Outlook text, several clients inside
    t = """De : Nathalie Fontan <nath.fontan@courriel.example>
Envoyé : lundi 6 février 2023 08:41
À : PREF-CONCERTATION
Objet : RE: Donnez votre avis

Bonjour,

Le parking de la gare n'est pas éclairé et les vélos disparaissent.
Une caméra suffirait.

Bien cordialement,

Nathalie FONTAN
Cheffe d'agence – Transports du Gers
Gare routière
32000 AUCH
Tél. : 05 62 00 00 00

De : PREF-CONCERTATION <concertation@prefecture.example>
Envoyé : vendredi 3 février 2023 17:02
À : Nathalie Fontan
Objet : Donnez votre avis

Madame, Monsieur,
La préfecture souhaite recueillir votre avis.

De : Robert Cazes <r.cazes@orange.example>
Envoyé : lundi 6 février 2023 21:10
À : PREF-CONCERTATION
Objet : avis

Monsieur le Préfet

Je suis retraité à Condom et je ne sors plus le soir.
De mon temps les gendarmes faisaient la tournée des cafés.

PS : le banc devant la poste est cassé, des jeunes s'y battent.

> Message du 03/02/23 17:02
> De : "PREF-CONCERTATION" 
> A : r.cazes@orange.example
> Copie à : 
> Objet : Donnez votre avis
>
> Madame, Monsieur,
> La préfecture souhaite recueillir votre avis.

De : Microsoft Outlook
Envoyé : mardi 7 février 2023 09:00
À : PREF-CONCERTATION
Objet : Non remis : Donnez votre avis

Échec de la remise pour ces destinataires ou groupes :
x@y.example

De : Marie-Ange Hoareau <ma.hoareau@mairie.example>
Envoyé : mercredi 8 février 2023 10:15
À : PREF-CONCERTATION
Cc : Cabinet
Objet : Contribution

Madame la Préfète,

Nous demandons :
- un deuxième médiateur pour les cités du Chaudron ;
- des patrouilles aux abords du lycée.

Respectueusement,
Marie-Ange HOAREAU
Adjointe au maire de Saint-Denis (974)
Déléguée à la tranquillité publique
"""
    open(f"{OUT}/05 boite.txt", "w", encoding="cp1252", newline="\r\n").write(t)
    EXP["05 boite.txt"] = {
        "n": 3,
        "people": [
            P("transports", "32013", "parking de la gare", "caméra suffirait"),
            P("habitants", "32107", "ne sors plus le soir", "banc devant la poste"),
            P("élus", "97411", "deuxième médiateur", "abords du lycée"),
        ],
        "nots": ["recueillir votre avis", "FONTAN", "Échec", "HOAREAU", "05 62"],
    }

    # 6 --- mbox: multipart, inline quote, bounce, auto reply, html only
    msgs = []

    def mk(frm, subj, date, **h):
        m = EmailMessage()
        m["From"] = frm
        m["To"] = "PSQ <psq@prefecture.example>"
        m["Subject"] = subj
        m["Date"] = date
        m["Message-ID"] = f"<{abs(hash(subj + date))}@x>"
        for k, v in h.items():
            m[k.replace("_", "-")] = v
        return m

    m = mk("Bénédicte Roux <b.roux@mail.example>", "Re: Votre avis", "Mon, 04 Mar 2024 09:12:44 +0100")
    m.set_content("""Bonjour,

> Quels problèmes rencontrez-vous ?
Les démarcheurs qui entrent dans l'immeuble.

> Qu'attendez-vous de la police ?
Qu'elle passe à pied, comme avant.

-- 
Bénédicte Roux
Gardienne d'immeuble, Office public de l'habitat
13010 Marseille
""")
    m.add_alternative(
        "<html><body><p>Bonjour,</p><blockquote>Quels</blockquote></body></html>", subtype="html"
    )
    msgs.append(m)
    m = mk(
        "Mail Delivery System <MAILER-DAEMON@mx.example>",
        "Undelivered Mail Returned to Sender",
        "Mon, 04 Mar 2024 10:00:00 +0100",
        Auto_Submitted="auto-replied",
    )
    m.set_content("This is the mail system at host mx.example.")
    msgs.append(m)
    m = mk(
        "Paul Grondin <paul@mail.example>",
        "Absence : Votre avis",
        "Mon, 04 Mar 2024 10:05:00 +0100",
        Auto_Submitted="auto-replied",
    )
    m.set_content("Je suis en congé jusqu’au 18 mars.")
    msgs.append(m)
    m = mk("Lucas Payet <l.payet@mail.example>", "avis", "Tue, 05 Mar 2024 19:00:00 +0100")
    m.set_content(
        '<html><head><style>p{margin:0}</style></head><body><div>Bonjour,</div><div><br></div><div>Les chiens errants attaquent les enfants &agrave; la sortie de l&rsquo;&eacute;cole.</div><div>Il faut une fourri&egrave;re.</div><div><br></div><div>Lucas Payet</div><div>habitant, 97430 Le Tampon</div><div class="gmail_quote"><div dir="ltr" class="gmail_attr">Le lun. 4 mars 2024 &agrave; 08:00, PSQ &lt;<a href="mailto:psq@prefecture.example">psq@prefecture.example</a>&gt; a &eacute;crit&nbsp;:<br></div><blockquote class="gmail_quote">Votre avis compte.</blockquote></div></body></html>',
        subtype="html",
        cte="quoted-printable",
    )
    msgs.append(m)
    m = mk(
        "=?iso-8859-1?Q?S=E9verine_Mal?= <s.mal@mail.example>",
        "=?utf-8?B?w4AgbCdhdHRlbnRpb24gZHUgcHLDqWZldA==?=",
        "Wed, 06 Mar 2024 07:00:00 +0100",
    )
    m.set_content(
        "Trop de bruit la nuit rue des Lices à Albi.\nLes bars ferment à trois heures.\n\nEnvoyé de mon iPhone\n\n> Le 4 mars 2024 à 08:00, PSQ <psq@prefecture.example> a écrit :\n> \n> Votre avis compte.\n",
        charset="iso-8859-15",
    )
    msgs.append(m)
    mb = mailbox.mbox(f"{OUT}/06 boite.mbox")
    [mb.add(x) for x in msgs]
    mb.close()
    EXP["06 boite.mbox"] = {
        "n": 3,
        "people": [
            P("bailleurs et services sociaux", "13055", "démarcheurs qui entrent", "passe à pied"),
            P("habitants", "97422", "chiens errants attaquent", "fourrière"),
            P("habitants", None, "bruit la nuit", "ferment à trois", accept_commune=["81004"]),
        ],
        "nots": ["Quels problèmes", "Votre avis compte", "congé", "iPhone", "Bénédicte", "MAILER", "=C3"],
    }

    # 7 --- single eml, Thunderbird forward with own words, latin1 8bit
    raw = b"""Return-Path: <m.bonnet@mail.example>
Received: from a.example by b.example; Thu, 7 Mar 2024 08:00:01 +0100
Date: Thu, 7 Mar 2024 08:00:00 +0100
MIME-Version: 1.0
User-Agent: Mozilla/5.0 Thunderbird/115.8
Content-Language: fr
From: Michel Bonnet <m.bonnet@mail.example>
To: psq@prefecture.example
Subject: Re: Concertation
Content-Type: text/plain; charset=ISO-8859-1; format=flowed
Content-Transfer-Encoding: 8bit

Bonjour,
""" + """Je tiens un bar-tabac à Pamiers et je demande une présence le vendredi.
La rue des Jacobins devient impossible : insultes, trottinettes, bagarres.

Michel Bonnet
Bar-tabac « Le Longchamp »

Le 04/03/2024 à 08:00, PSQ a écrit :
> Madame, Monsieur,
> Votre avis compte.
>
> Le cabinet
""".encode("latin-1")
    open(f"{OUT}/07 message.eml", "wb").write(raw.replace(b"\n", b"\r\n"))
    EXP["07 message.eml"] = {
        "n": 1,
        "people": [
            P("commerçants", None, "présence le vendredi", "rue des Jacobins", accept_commune=["09225"])
        ],
        "nots": ["Votre avis", "Le cabinet", "Bonnet"],
    }

    # 8 --- english headers, Outlook in English, gmail wrote
    t = """From: John Carter <jcarter@mail.example>
Sent: Monday, March 4, 2024 9:12 AM
To: PSQ <psq@prefecture.example>
Subject: Your consultation

Dear Sir or Madam,

We run a small hotel in Sarlat and the car park break-ins are scaring our guests away.
More night patrols in July and August, please.

Best regards,
John Carter
Hotel owner, Sarlat-la-Canéda

________________________________
From: Emma Lewis <elewis@mail.example>
Sent: Tuesday, March 5, 2024 6:40 PM
To: PSQ <psq@prefecture.example>
Subject: RE: Votre avis

The gendarmes are kind but the brigade is closed when we need it.

Emma Lewis
Resident, 24120 Terrasson

On Mon, Mar 4, 2024 at 8:00 AM PSQ <psq@prefecture.example> wrote:
> Votre avis compte.
"""
    open(f"{OUT}/08 english mails.txt", "w", encoding="utf-8").write(t)
    EXP["08 english mails.txt"] = {
        "n": 2,
        "people": [
            P("commerçants", "24520", "break-ins are scaring", "night patrols"),
            P("habitants", "24547", "brigade is closed"),
        ],
        "nots": ["Votre avis compte", "Carter", "Lewis"],
    }

    # 9 --- iramuteq with themes
    t = """**** *suj_001 *sexe_f *qualite_habitante *commune_vic_fezensac *annee_2021
-*difficultes
Les motos tournent toute la nuit autour des arènes.
-*attentes
Une patrouille le samedi soir, c'est tout.

**** *suj_002 *sexe_h *qualite_elu *commune_eauze *annee_2021
-*difficultes
Nos agents sont menacés quand ils verbalisent les dépôts.

**** *suj_003 *sexe_h *qualite_commercant *commune_aignan *annee_2021
-*attentes
Être rappelé après une plainte.
"""
    open(f"{OUT}/09 corpus.txt", "w", encoding="utf-8").write(t)
    EXP["09 corpus.txt"] = {
        "n": 3,
        "people": [
            P("habitants", "32462", "motos tournent", "patrouille le samedi"),
            P("élus", "32119", "agents sont menacés"),
            P("commerçants", "32001", "rappelé après"),
        ],
        "nots": ["****", "*suj", "-*"],
    }

    # 10 --- all in a table with section rows, merged
    d = D()
    d.p("Relevé des échanges – réunion des partenaires", bold=True, underline=True)
    d.p("Fleurance, 14 janvier 2020")
    t = d.table(
        [
            ["Intervenant", "Propos tenus", "Éléments de réponse"],
            ["Bailleur social", "Les caves servent de lieu de trafic.", "Une visite sera faite."],
            ["Transporteur scolaire (Lectoure)", "Les chauffeurs sont menacés à l’arrêt du stade.", ""],
            ["Association d’aide aux victimes", "La permanence n’a pas de bureau fermé.", "Bureau prêté."],
            ["ASVP de Fleurance", "Pas de radio commune avec la brigade.", ""],
            ["Agent de sécurité du supermarché", "Nous attendons quarante minutes après un appel.", ""],
        ]
    )
    d.p("Une participante conclut : « On s’est enfin parlé. »")
    d.save(f"{OUT}/10 releve Fleurance.docx")
    EXP["10 releve Fleurance.docx"] = {
        "n": 6,
        "people": [
            P("bailleurs et services sociaux", None, "caves servent"),
            P("transports", "32208", "chauffeurs sont menacés"),
            P("associations", None, "bureau fermé", accept_voice=["bailleurs et services sociaux"]),
            P("polices municipales", "32132", "radio commune"),
            P("sécurité privée", None, "quarante minutes"),
            P(None, None, "enfin parlé", accept_voice=["habitants"]),
        ],
        "nots": ["Une visite sera", "Bureau prêté"],
    }
    return EXP


def round_2(OUT):
    """Write ten files in ``OUT``; return what each says."""
    EXP = {}
    # 1 bold speaker runs, Q/R
    d = D()
    d.p("Réunion de proximité du 9 octobre 2018 à Seissan", style="Title")
    d.p(
        "Personnes présentes : Mme Ruiz, maire de Seissan ; M. Abadie, maire d’Ornézan ; le capitaine Laborde, commandant la communauté de brigades ; M. Sens, président de la coopérative agricole"
    )
    d.h("Sécurité des exploitations", 1)
    d.runs(("M. Abadie : ", True), ("les vols de GPS de tracteurs ont doublé depuis l’été.", False))
    d.runs(("Capitaine Laborde : ", True), ("nous avons ouvert trois enquêtes.", False))
    d.runs(("M. Sens : ", True), ("il faudrait un fil d’alerte par SMS entre agriculteurs.", False))
    d.h("Vie du village", 1)
    d.runs(("Une mère d’élève : ", True), ("personne ne fait traverser les enfants devant l’école.", False))
    d.runs(
        ("M. Abadie : ", True), ("dans ma commune, la salle des fêtes a été vandalisée trois fois.", False)
    )
    d.runs(("Réponse de Mme Ruiz : ", True), ("un agent sera affecté à la sortie.", False))
    d.save(f"{OUT}/01 Seissan.docx")
    EXP["01 Seissan.docx"] = {
        "n": 4,
        "people": [
            P("gendarmes", None, "trois enquêtes"),
            P("élus", "Ornézan|32", "vols de GPS", "salle des fêtes a été vandalisée"),
            P("commerçants", None, "fil d’alerte par SMS", accept_voice=["associations", "habitants", None]),
            P("habitants", None, "fait traverser les enfants", accept_voice=["associations"]),
        ],
        "nots": ["sera affecté", "Laborde", "Abadie"],
    }
    # 2 frame table, underlined headings, bullets for attendance
    d = D()
    t = d.d.add_table(rows=1, cols=1)
    c = t.cell(0, 0)
    c.text = "COMPTE RENDU – Conseil de quartier des Arènes"

    def cp(t, u=False, style=None):
        p = c.add_paragraph(style=style)
        r = p.add_run(t)
        r.underline = u or None

    cp("Le 3 mai 2022, salle Polyvalente, Mont-de-Marsan")
    cp("Étaient présents :")
    for x in (
        "Mme Darrieux, adjointe au maire",
        "M. Lalanne, président du conseil de quartier",
        "Mme Cazaux, gardienne de la résidence Peyrouat",
        "une quinzaine d’habitants",
    ):
        cp(x, style="List Bullet")
    cp("Bruit et fêtes", True)
    cp("Mme Cazaux signale que les terrasses débordent jusqu’à quatre heures pendant la Madeleine.")
    cp("Un riverain demande l’installation de sanitaires.")
    cp("Stationnement", True)
    cp("Mme Cazaux : les places livraison sont occupées toute la journée.")
    cp("Des participants évoquent des voitures brûlées en avril.")
    cp("Mme Darrieux répond qu’une étude est en cours.")
    cp("Prochaine réunion : septembre 2022.")
    d.save(f"{OUT}/02 quartier.docx")
    EXP["02 quartier.docx"] = {
        "n": 3,
        "people": [
            P("bailleurs et services sociaux", None, "terrasses débordent", "places livraison"),
            P("habitants", None, "sanitaires"),
            P(None, None, "voitures brûlées", accept_voice=["habitants"]),
        ],
        "nots": ["étude est en cours", "Lalanne", "septembre"],
    }
    # 3 speaker after the quotation
    d = D()
    d.h("Paroles recueillies lors de la tournée du camion « France services »", 1)
    d.p("Arrondissement de Condom – semaine du 14 mars 2022")
    d.h("Ce qui inquiète", 2)
    for x in (
        "« On ne voit plus personne après 18 heures. » (une habitante de Condom)",
        "« Les gens du voyage s’installent sans prévenir. » (maire de Larressingle)",
        "« Mon camion a été siphonné deux fois. » — un artisan de Castéra-Verduzan",
    ):
        d.b(x)
    d.h("Ce qui rassure", 2)
    for x in (
        "« Le gendarme référent répond toujours. » (secrétaire de mairie, Béraut)",
        "« La boulangère nous prévient de tout ! » (un retraité)",
    ):
        d.b(x)
    d.save(f"{OUT}/03 paroles.docx")
    EXP["03 paroles.docx"] = {
        "n": 5,
        "people": [
            P("habitants", "Condom|32", "voit plus personne"),
            P("élus", "Larressingle|32", "installent sans prévenir"),
            P("commerçants", "Castéra-Verduzan|32", "siphonné deux fois"),
            P("élus", "Béraut|32", "gendarme référent répond", accept_voice=[None]),
            P("habitants", None, "boulangère nous prévient"),
        ],
        "nots": ["habitante de", "un artisan de"],
    }
    # 4 dashes and footnote, title styles
    d = D()
    d.p("PROCÈS-VERBAL DE LA RÉUNION PUBLIQUE", bold=True)
    d.p("Objet : sécurité du quotidien")
    d.p("Date : 17/01/2023 – Lieu : foyer rural de Préchac")
    d.p("I. Cambriolages", bold=True)
    d.p("– Mme Ader (Préchac) : ma grange a été visitée pendant les vendanges.")
    d.p("– M. Ader (Préchac) : et le voisin n’a rien entendu.")
    d.p("– Un conseiller municipal de Cassaigne : nous voulons des caméras aux entrées du bourg.")
    d.p("II. Nuisances", bold=True)
    d.p("– Mme Ader : les cloches, passe encore, mais pas les motos à minuit !")
    d.p("– Dr Pujos, médecin à Mouchan : deux accidents de quad en un mois.")
    d.p("III. Conclusion", bold=True)
    d.p("Le maire remercie les participants et clôt la séance à 20 h.")
    d.save(f"{OUT}/04 PV Prechac.docx")
    EXP["04 PV Prechac.docx"] = {
        "n": 4,
        "people": [
            P(
                None,
                "Préchac|32",
                "ma grange",
                "motos à minuit",
                accept_voice=["habitants"],
                accept_commune=[None],
            ),
            P(
                None,
                "Préchac|32",
                "voisin n’a rien entendu",
                accept_voice=["habitants"],
                accept_commune=[None],
            ),
            P("élus", "Cassaigne|32", "caméras aux entrées"),
            P(None, "Mouchan|32", "accidents de quad", accept_voice=["habitants"]),
        ],
        "nots": ["remercie", "Pujos", "Ader"],
    }
    # 5 table theme | remarques with several speakers in one cell
    d = D()
    d.p("Synthèse de l’atelier « police du quotidien »", bold=True)
    d.p("Lombez, 22 novembre 2017")
    t = d.table(
        [
            ["Thème", "Remarques des participants", "Suite"],
            [
                "Présence",
                "Une commerçante de Lombez : on ne voit la patrouille qu’au marché.\nUn agriculteur de Tournan : les chasseurs braconnent la nuit.",
                "Patrouille",
            ],
            ["Accueil", "Une étudiante : l’accueil de la brigade est fermé le samedi.", ""],
        ]
    )
    d.save(f"{OUT}/05 atelier Lombez.docx")
    EXP["05 atelier Lombez.docx"] = {
        "n": 3,
        "people": [
            P("commerçants", "Lombez|32", "patrouille qu’au marché"),
            P("habitants", "Tournan|32", "braconnent la nuit"),
            P("habitants", None, "fermé le samedi"),
        ],
        "nots": ["Une commerçante", "Patrouille ¶"],
    }
    # 6 zimbra text
    t = """De: "Gérard Tisné" <g.tisne@laposte.example>
À: "consultation psq" <psq@gers.example>
Envoyé: Mercredi 6 Décembre 2017 21:14:05
Objet: Re: Consultation

Bonsoir

Je constate des rodéos chaque dimanche sur la zone d'activités de Pavie.
Les riverains n'appellent même plus.

Gérard Tisné
Vice-président de l'amicale des locataires
32550 PAVIE

----- Mail original -----
De: "consultation psq" <psq@gers.example>
À: "Gérard Tisné" <g.tisne@laposte.example>
Envoyé: Lundi 4 Décembre 2017 08:00:00
Objet: Consultation

Merci de répondre avant le 15.

De: "Sœur Marie-Claire" <smc@abbaye.example>
À: "consultation psq" <psq@gers.example>
Envoyé: Jeudi 7 Décembre 2017 09:02:11
Objet: notre avis

Monsieur le Préfet,

Des promeneurs entrent dans la clôture et laissent des bouteilles.
Nous demandons une ronde le dimanche après-midi.

Dans l'attente de votre réponse, je vous prie d'agréer mes salutations respectueuses.

Sœur Marie-Claire
Abbaye, 32190 Vic-Fezensac

P.-S. : le portail de la RN 124 ne ferme plus, quelqu'un l'a forcé.
"""
    open(f"{OUT}/06 zimbra.txt", "w", encoding="utf-8").write(t)
    EXP["06 zimbra.txt"] = {
        "n": 2,
        "people": [
            P("associations", "Pavie|32", "rodéos chaque dimanche", "appellent même plus"),
            P(
                "habitants",
                "Vic-Fezensac|32",
                "promeneurs entrent",
                "ronde le dimanche",
                "portail de la RN 124",
                accept_voice=["associations"],
            ),
        ],
        "nots": ["avant le 15", "Tisné", "Marie-Claire", "Mail original"],
    }

    # 7 mbox
    def mk(frm, subj, date, **h):
        m = EmailMessage()
        m["From"] = frm
        m["To"] = "psq@gers.example"
        m["Subject"] = subj
        m["Date"] = date
        m["Message-ID"] = f"<{abs(hash(subj + date))}@x>"
        for k, v in h.items():
            m[k.replace("_", "-")] = v
        return m

    L = []
    m = mk(
        "Ville Infos <lettre@ville.example>",
        "La lettre de mai",
        "Mon, 06 May 2019 08:00:00 +0200",
        List_Unsubscribe="<mailto:x@y>",
    )
    m.set_content("Au sommaire : travaux.")
    L.append(m)
    m = mk("Élodie Faure <e.faure@mail.example>", "Mon avis", "Mon, 06 May 2019 10:00:00 +0200")
    m.set_content("Bonjour,\n\nLe passage piéton du lycée est effacé.\n\nÉlodie Faure\nProfesseure, Foix\n")
    m.add_attachment(b"%PDF-1.4", maintype="application", subtype="pdf", filename="photo.pdf")
    L.append(m)
    m = mk("Élodie Faure <e.faure@mail.example>", "Re: Mon avis", "Tue, 07 May 2019 10:00:00 +0200")
    m.set_content("J'oubliais : les arceaux à vélos ont été sciés.\n\nE. Faure\n")
    L.append(m)
    m = mk(
        "Mairie de Varilhes <mairie@varilhes.example>",
        "Fwd: aire de covoiturage",
        "Wed, 08 May 2019 10:00:00 +0200",
    )
    m.set_content(
        "Bonjour,\n\nJe vous fais suivre ce message d'un administré. Pour ma part je souhaite une caméra sur ce parking.\n\nLe maire de Varilhes\n\n---------- Forwarded message ---------\nDe : Bruno Rouch <b.rouch@mail.example>\nDate: mar. 7 mai 2019 à 21:30\nSubject: aire de covoiturage\nTo: <mairie@varilhes.example>\n\nOn m'a cassé la vitre trois fois sur l'aire de covoiturage.\n\nBruno Rouch\n09120 Varilhes\n"
    )
    L.append(m)
    mb = mailbox.mbox(f"{OUT}/07 bal.mbox")
    [mb.add(x) for x in L]
    mb.close()
    EXP["07 bal.mbox"] = {
        "n": 3,
        "people": [
            P(None, "Foix|09", "passage piéton", "arceaux à vélos", accept_voice=["habitants"]),
            P("élus", "Varilhes|09", "caméra sur ce parking"),
            P("habitants", "Varilhes|09", "cassé la vitre"),
        ],
        "nots": ["sommaire", "Forwarded", "Faure", "Rouch"],
        "rejects_say": ["pièce jointe", "lettre"],
    }
    # 8 eml outlook html
    html = """<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><meta http-equiv="Content-Type" content="text/html; charset=iso-8859-1"><style>p.MsoNormal{margin:0cm}</style></head><body lang="FR"><div class="WordSection1"><p class="MsoNormal">Madame la Préfète,<o:p></o:p></p><p class="MsoNormal"><o:p>&nbsp;</o:p></p><p class="MsoNormal">Nos conducteurs se font cracher dessus sur la ligne&nbsp;3.<o:p></o:p></p><p class="MsoNormal">Nous souhaitons un protocole d&#8217;intervention sous dix minutes.<o:p></o:p></p><p class="MsoNormal"><o:p>&nbsp;</o:p></p><p class="MsoNormal">Cordialement,<o:p></o:p></p><p class="MsoNormal"><b>Sylvie MARTY</b><o:p></o:p></p><p class="MsoNormal">Directrice d&#8217;exploitation &#8211; R&eacute;seau urbain TANGO<o:p></o:p></p><p class="MsoNormal">81000 ALBI<o:p></o:p></p><div><div style="border:none;border-top:solid #E1E1E1 1.0pt"><p class="MsoNormal"><b>De&nbsp;:</b> PSQ &lt;psq@tarn.example&gt; <br><b>Envoy&eacute;&nbsp;:</b> lundi 4 mars 2019 08:00<br><b>&Agrave;&nbsp;:</b> MARTY Sylvie<br><b>Objet&nbsp;:</b> Votre avis<o:p></o:p></p></div></div><p class="MsoNormal">Donnez votre avis avant le 31.<o:p></o:p></p></div></body></html>"""
    m = mk("MARTY Sylvie <s.marty@tango.example>", "RE: Votre avis", "Tue, 05 Mar 2019 11:00:00 +0100")
    m.set_content(html, subtype="html", charset="iso-8859-1", cte="quoted-printable")
    open(f"{OUT}/08 RE Votre avis.eml", "wb").write(bytes(m).replace(b"\n", b"\r\n"))
    EXP["08 RE Votre avis.eml"] = {
        "n": 1,
        "people": [P("transports", "Albi|81", "cracher dessus", "protocole d’intervention")],
        "nots": ["avant le 31", "MARTY", "psq@", "MsoNormal"],
    }
    # 9 Thunderbird text export
    t = """Sujet :
Bruit
De :
Paulette Ginestet <p.ginestet@orange.example>
Date :
12/03/2024 18:22
Pour :
psq@aveyron.example

Bonjour, je vous écris au nom du comité de quartier du Faubourg à Rodez.
Les livraisons à cinq heures du matin réveillent tout le monde.

Cordialement
P. Ginestet
"""
    t2 = """Sujet : Bruit
De : Paulette Ginestet <p.ginestet@orange.example>
Date : 12/03/2024 18:22
Pour : psq@aveyron.example

Bonjour, je vous écris au nom du comité de quartier du Faubourg à Rodez.
Les livraisons à cinq heures du matin réveillent tout le monde.

Cordialement
P. Ginestet

> Message du 11/03/24 08:00
> De : psq@aveyron.example
> A : p.ginestet@orange.example
> Copie à :
> Objet : Votre avis
>
> Votre avis compte.

Sujet : Re: Votre avis
De : Yann Cabrol <y.cabrol@sfr.example>
Date : 13/03/2024 07:45
Pour : psq@aveyron.example

Gérant d'une supérette à Decazeville, je subis un vol par semaine.
À quoi sert de porter plainte ? On attend trois heures.

Yann

Le 11/03/2024 à 08:00, psq@aveyron.example a écrit :

    Votre avis compte.
"""
    open(f"{OUT}/09 thunderbird.txt", "w", encoding="utf-8").write(t2)
    EXP["09 thunderbird.txt"] = {
        "n": 2,
        "people": [
            P(
                "associations",
                "Rodez|12",
                "livraisons à cinq heures",
                accept_commune=[None],
                accept_voice=["habitants"],
            ),
            P("commerçants", "Decazeville|12", "vol par semaine", "À quoi sert"),
        ],
        "nots": ["avis compte", "Message du", "Ginestet"],
    }
    # 10 iramuteq numbered
    t = """0001 *ind_1 *dep_974 *ville_saint_denis *statut_policier_municipal *vague_1
Les armes blanches circulent dans les quartiers.
On attend des renforts.
0002 *ind_2 *dep_974 *ville_le_tampon *statut_elue *vague_1
Les rassemblements du dimanche dégénèrent.
0003 *ind_3 *dep_974 *ville_saint_paul *statut_habitant *vague_2
RAS
"""
    open(f"{OUT}/10 corpus974.txt", "w", encoding="utf-8").write(t)
    EXP["10 corpus974.txt"] = {
        "n": 3,
        "people": [
            P("polices municipales", "Saint-Denis|974", "armes blanches", "attend des renforts"),
            P("élus", "Le Tampon|974", "rassemblements du dimanche"),
            P("habitants", "Saint-Paul|974", "RAS"),
        ],
        "nots": ["*ind", "0001"],
    }
    return EXP


def round_3(OUT):
    """Write ten files in ``OUT``; return what each says."""
    EXP = {}
    # 1 minutes with "Intervention de", "Question de", reply lines
    d = D()
    d.p("CONSEIL INTERCOMMUNAL DE SÉCURITÉ ET DE PRÉVENTION DE LA DÉLINQUANCE", bold=True, center=True)
    d.p("Séance plénière du 14 juin 2021 – Eauze")
    d.p("Liste des participants", bold=True)
    for x in (
        "M. Gabas – maire d’Eauze, président",
        "Mme Tauzin – adjointe au maire de Manciet",
        "Lieutenant Carrère – brigade d’Eauze",
        "M. Nouguès – directeur du supermarché",
        "Mme Ribes – assistante sociale, département",
    ):
        d.b(x)
    d.p("1) Bilan de la délinquance", bold=True)
    d.p("Le lieutenant Carrère présente le bilan du premier semestre : 42 faits constatés.")
    d.p("Question de Mme Tauzin : pourquoi les plaintes pour dégradations sont-elles classées ?")
    d.p("Réponse du lieutenant Carrère : faute d’auteur identifié.")
    d.p("Intervention de M. Nouguès : les vols de carburant reprennent chaque vendredi.")
    d.p("2) Prévention", bold=True)
    d.p(
        "Intervention de Mme Ribes : aucune place d’hébergement d’urgence pour les victimes à moins de cinquante kilomètres."
    )
    d.p("Question de Mme Tauzin : le bus de prévention reviendra-t-il au collège ?")
    d.p("Fin de séance à 19 h 30.")
    d.save(f"{OUT}/01 CISPD Eauze.docx")
    EXP["01 CISPD Eauze.docx"] = {
        "n": 3,
        "people": [
            P("élus", "Manciet|32", "plaintes pour dégradations", "bus de prévention"),
            P("commerçants", None, "vols de carburant"),
            P("bailleurs et services sociaux", None, "hébergement d’urgence"),
        ],
        "nots": ["faute d’auteur", "42 faits", "Nouguès"],
    }
    # 2 sdt content controls and custom heading style, dialogues
    d = D()
    st = d.d.styles.add_style("Titre de rubrique", WD_STYLE_TYPE.PARAGRAPH)
    st.font.bold = True
    d.p("Réunion publique – Lavelanet (09300), 2 février 2023", style="Title")
    d.p("Éclairage public", "Titre de rubrique")
    d.raw(
        '<w:sdt xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:sdtContent><w:p><w:r><w:t>Une habitante de Laroque-d’Olmes : la coupure à 23 heures nous fait peur.</w:t></w:r></w:p></w:sdtContent></w:sdt>'
    )
    d.p("Un boulanger (Lavelanet) : je commence à deux heures, dans le noir complet.")
    d.p("Deux lycéens : on rentre du sport sans rien voir.")
    d.p("Rodéos", "Titre de rubrique")
    d.p("M. Pont, retraité, habitant la rue des Pyrénées, raconte qu’il a failli être renversé.")
    d.p("Il demande des chicanes.")
    d.p("Le maire : nous avons commandé des ralentisseurs.")
    d.p("M. Pont : et des contrôles ?")
    d.save(f"{OUT}/02 Lavelanet.docx")
    EXP["02 Lavelanet.docx"] = {
        "n": 5,
        "people": [
            P("habitants", "Laroque-d'Olmes|09", "coupure à 23 heures"),
            P("commerçants", "Lavelanet|09", "deux heures, dans le noir"),
            P("habitants", None, "sans rien voir"),
            P("habitants", None, "failli être renversé", "Il demande des chicanes", "et des contrôles"),
            P("élus", None, "commandé des ralentisseurs", accept_commune=["Lavelanet|09"]),
        ],
        "nots": ["Laroque"],
    }
    # 3 table with who merged down, two remarks columns
    d = D()
    d.p("Restitution des tables rondes", bold=True)
    d.p("Mirande, le 30 novembre 2017")
    rows = [
        ["Acteurs", "Constats", "Attentes"],
        ["Transporteurs", "Des incivilités chaque soir sur la ligne 4.", "Un agent dans le car du vendredi."],
        ["", "Des pierres jetées à Miélan.", ""],
        ["Bailleurs", "Deux halls squattés.", "Une convention avec la brigade."],
        ["Commerçants de Marciac", "Rien à signaler", ""],
    ]
    t = d.table(rows)
    a = t.cell(1, 0).merge(t.cell(2, 0))
    a.text = "Transporteurs"
    d.save(f"{OUT}/03 tables rondes.docx")
    EXP["03 tables rondes.docx"] = {
        "n_in": [4, 6, 7],
        "n": None,
        "people": [
            P("transports", None, "incivilités chaque soir"),
            P("transports", None, "pierres jetées"),
            P("bailleurs et services sociaux", None, "Deux halls squattés"),
            P("commerçants", "Marciac|32", "Rien à signaler"),
        ],
        "nots": [],
    }
    # 4 narrative minutes w/o speakers names at all (only unattributed) in sections
    d = D()
    d.h("Compte rendu de la rencontre avec les agriculteurs")
    d.p("Le 8 janvier 2018 à Aignan.")
    d.h("Vols", 2)
    d.p("Les vols de gazole et de batteries se multiplient dans les hangars isolés.")
    d.p("Un éleveur souligne que le délai d’intervention dépasse une heure.")
    d.h("Chasse", 2)
    d.p("Plusieurs exploitants regrettent le manque de contrôles des chasseurs venus de loin.")
    d.h("Suites à donner", 2)
    d.p("Une réunion sera organisée en mars.")
    d.save(f"{OUT}/04 agriculteurs.docx")
    EXP["04 agriculteurs.docx"] = {
        "n": 3,
        "people": [
            P(None, None, "vols de gazole", accept_voice=["habitants"]),
            P("habitants", None, "dépasse une heure"),
            P("habitants", None, "contrôles des chasseurs"),
        ],
        "nots": ["réunion sera organisée", "8 janvier"],
    }
    # 5 tracked: inserted paragraph, moved; header image; hidden text
    d = D()
    d.h("Réunion des polices municipales du Gers")
    d.p("Auch, 5 mars 2019")
    d.h("Moyens", 2)
    d.tracked(
        "Chef de la police municipale d’Auch : ",
        "nous manquons de ",
        "on veut des armes",
        "radios compatibles.",
    )
    d.raw(
        '<w:p xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:r><w:t xml:space="preserve">ASVP de Gimont : </w:t></w:r><w:r><w:rPr><w:vanish/></w:rPr><w:t>note interne à retirer </w:t></w:r><w:r><w:t>les procès-verbaux électroniques tombent en panne.</w:t></w:r></w:p>'
    )
    d.p("Garde champêtre (Montestruc-sur-Gers) : je suis seul pour onze communes.")
    d.save(f"{OUT}/05 PM.docx")
    EXP["05 PM.docx"] = {
        "n": 3,
        "people": [
            P("polices municipales", "Auch|32", "nous manquons de radios"),
            P("polices municipales", "Gimont|32", "procès-verbaux électroniques"),
            P("polices municipales", "Montestruc-sur-Gers|32", "seul pour onze communes"),
        ],
        "nots": ["armes", "note interne"],
    }
    # 6 outlook txt FR several
    t = """De :	Karine Belloc <k.belloc@ccas.example>
Envoyé :	mardi 12 décembre 2017 11:20
À :	PREF32 PSQ
Objet :	RE: Concertation police de sécurité du quotidien

Bonjour,

Voici les remarques de notre service :
> un référent unique au commissariat pour les signalements ;
> une information des victimes avant le classement.

Bien à vous.

Karine Belloc
Responsable du CCAS – Ville d'Auch
1 place de la Libération – BP 90321
32007 AUCH CEDEX
Standard : 05 62 61 21 99
 
De : PREF32 PSQ [mailto:psq@gers.example] 
Envoyé : lundi 4 décembre 2017 09:00
À : Karine Belloc
Objet : Concertation police de sécurité du quotidien

Madame, Monsieur, merci de nous faire part de vos remarques.

De :	Secrétariat de l'association Vivre à Lectoure
Envoyé :	mercredi 13 décembre 2017 18:02
À :	PREF32 PSQ
Objet :	contribution

Monsieur le Préfet,

La vitesse rue Nationale reste excessive malgré les trois passages surélevés.

Le bureau de l'association Vivre à Lectoure

De :	d.soler@transports.example
Envoyé :	jeudi 14 décembre 2017 07:30
À :	PREF32 PSQ
Objet :	Réponse automatique : Concertation

Je suis absent du bureau et serai de retour le 2 janvier.

De :	Denis Soler
Envoyé :	mardi 2 janvier 2018 08:45
À :	PREF32 PSQ
Objet :	RE: Concertation

En tant que conducteur de car je demande que la gendarmerie soit présente au départ de 17 h à Vic-Fezensac.

D. Soler
Envoyé depuis l'application Mail d'Orange
"""
    open(f"{OUT}/06 outlook.txt", "w", encoding="utf-8-sig").write(t)
    EXP["06 outlook.txt"] = {
        "n": 3,
        "people": [
            P("bailleurs et services sociaux", "Auch|32", "référent unique", "information des victimes"),
            P("associations", "Lectoure|32", "rue Nationale reste excessive", accept_commune=[None]),
            P("transports", None, "présente au départ de 17 h", accept_commune=["Vic-Fezensac|32"]),
        ],
        "nots": ["faire part de vos remarques", "Belloc", "absent du bureau", "05 62", "application Mail"],
    }

    # 7 mbox french creole, duplicates, >From
    def mk(frm, subj, date, body, **h):
        m = EmailMessage()
        m["From"] = frm
        m["To"] = "psq@reunion.example"
        m["Subject"] = subj
        m["Date"] = date
        m["Message-ID"] = f"<{abs(hash(body))}@x>"
        m.set_content(body)
        for k, v in h.items():
            m[k.replace("_", "-")] = v
        return m

    L = [
        mk(
            "Jean-Yves Técher <jy@mail.example>",
            "avis",
            "Sun, 07 Jan 2018 10:00:00 +0400",
            "From time to time, la nuit, des courses de motos passent sous mes fenêtres.\n\nJ'habite Saint-Leu, quartier Piton.\n\nJean-Yves Técher\nenseignant\n",
        ),
        mk(
            "Association Ti Kaz <tikaz@mail.example>",
            "Contribution",
            "Mon, 08 Jan 2018 10:00:00 +0400",
            "Bonjour,\n\nNos bénévoles demandent un éclairage du chemin Piton.\n\nLa présidente,\nMarie Dijoux\nAssociation Ti Kaz\n97460 Saint-Paul\n",
        ),
        mk(
            "postmaster@reunion.example",
            "Delivery Status Notification (Failure)",
            "Mon, 08 Jan 2018 10:05:00 +0400",
            "Delivery has failed",
        ),
        mk(
            "Association Ti Kaz <tikaz@mail.example>",
            "Contribution",
            "Mon, 08 Jan 2018 10:20:00 +0400",
            "Bonjour,\n\nNos bénévoles demandent un éclairage du chemin Piton.\n\nLa présidente,\nMarie Dijoux\nAssociation Ti Kaz\n97460 Saint-Paul\n",
        ),
    ]
    mb = mailbox.mbox(f"{OUT}/07 reunion.mbox")
    [mb.add(x) for x in L]
    mb.close()
    EXP["07 reunion.mbox"] = {
        "n": 2,
        "people": [
            P(
                None,
                "Saint-Leu|974",
                "courses de motos",
                accept_voice=["habitants", "autorités judiciaires et administratives"],
            ),
            P("associations", "Saint-Paul|974", "éclairage du chemin Piton"),
        ],
        "nots": ["Técher", "Dijoux", "Delivery"],
    }
    # 8 eml multipart/mixed with forwarded attachment message/rfc822
    m = EmailMessage()
    m["From"] = "Mairie de Salies <mairie@salies.example>"
    m["To"] = "psq@pa.example"
    m["Subject"] = "Avis du conseil municipal"
    m["Date"] = "Fri, 02 Feb 2024 15:00:00 +0100"
    m["MIME-Version"] = "1.0"
    m.set_content(
        "Madame la Sous-Préfète,\n\nLe conseil municipal demande le maintien de la brigade et deux patrouilles de nuit par semaine.\n\nVeuillez agréer, Madame la Sous-Préfète, l'expression de mes salutations distinguées.\n\nPour le maire,\nla secrétaire de mairie\nSalies-de-Béarn\n",
        charset="utf-8",
        cte="base64",
    )
    m.add_attachment(
        b"x",
        maintype="application",
        subtype="vnd.openxmlformats-officedocument.wordprocessingml.document",
        filename="delib.docx",
    )
    open(f"{OUT}/08 avis conseil.eml", "wb").write(bytes(m))
    EXP["08 avis conseil.eml"] = {
        "n": 1,
        "people": [P("élus", "Salies-de-Béarn|64", "maintien de la brigade", "patrouilles de nuit")],
        "nots": ["Veuillez", "distinguées"],
        "rejects_say": ["pièce jointe"],
    }
    # 9 gmail "copié" text with From: lines in french w/out blank
    t = """De : Lucie Garnier <lucie.garnier@gmail.example>
Date: lun. 11 déc. 2017 à 22:14
Objet : Re: Votre avis nous intéresse
À : <psq@gers.example>


Merci pour cette consultation.
Je suis infirmière libérale à Samatan : je me gare comme je peux et je prends des PV en soignant les gens !
Mais la patrouille du soir est rassurante.
Bonne soirée
Lucie

Le lun. 11 déc. 2017 à 09:00, PSQ Gers <psq@gers.example> a écrit :
> Votre avis nous intéresse

De : Hamza B. <hamza@gmail.example>
Date: mar. 12 déc. 2017 à 08:02
Objet : Re: Votre avis nous intéresse
À : <psq@gers.example>

Plus de dialogue avec les jeunes du Garros. On se fait contrôler trois fois par semaine.
H.
"""
    open(f"{OUT}/09 gmail.txt", "w", encoding="utf-8").write(t)
    EXP["09 gmail.txt"] = {
        "n": 2,
        "people": [
            P(None, "Samatan|32", "prends des PV", "patrouille du soir", accept_voice=["habitants"]),
            P("habitants", None, "dialogue avec les jeunes", "contrôler trois fois"),
        ],
        "nots": ["avis nous intéresse", "Garnier"],
    }
    # 10 iramuteq with underscores only var no value, windows encoding
    t = "**** *n_1 *voix_habitant *lieu_condom *urbain\r\nLes cambriolages de résidences secondaires, l'hiver.\r\n\r\n**** *n_2 *voix_elue *lieu_montreal *rural\r\nL'éloignement de la brigade ; à revoir.\r\n**** *n_3 *voix_gendarme *lieu_condom *urbain\r\n\r\n"
    open(f"{OUT}/10 corpus.txt", "w", encoding="cp1252", newline="").write(t)
    EXP["10 corpus.txt"] = {
        "n": 2,
        "people": [
            P("habitants", "Condom|32", "cambriolages de résidences"),
            P("élus", "Montréal|32", "éloignement de la brigade", accept_commune=[None]),
        ],
        "nots": ["****"],
    }
    return EXP
