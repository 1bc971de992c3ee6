//! The words and sentences that views are made of, in three languages.
//!
//! In: nothing. Out: [`Words`]. `{0}`, `{1}` stand for what [`super::number::words_with`] puts
//! there. Templates have words of their own; these are the ones inside values.

/// Words of one language.
#[derive(Debug)]
pub struct Words {
    /// Which of the three: English, German, French.
    pub(super) language: usize,
    /// Before a figure of which only an upper bound is published.
    pub less_than: &'static str,
    /// Before one of which only a lower bound is published.
    pub more_than: &'static str,
    /// Before one that the source caps.
    pub at_least: &'static str,
    /// A year, month, week, day, hour: after an amount.
    pub per: [&'static str; 5],
    /// Mean, median, p10, p25, p75, p90, minimum, maximum, starter, experienced: in a sentence.
    pub statistics: [&'static str; 10],
    /// One and many of year, month, week, day, hour, minute.
    pub units: [[&'static str; 2]; 6],
    /// Whether nothing is counted like one.
    pub zero_is_one: bool,
    /// One hour in words.
    pub an_hour: &'static str,
    /// `about {length}`
    pub about: &'static str,
    /// `{effort} for {duration}`
    pub effort_for: &'static str,
    /// Before the last item of a list.
    pub and: &'static str,
    /// Before that word, in a list of three or more.
    pub list_comma: &'static str,
    /// `{low} to {high}`, where one of them is a bound
    pub range: &'static str,
    /// `{ratio} times`
    pub times: &'static str,
    /// What costs nothing.
    pub free: &'static str,
    /// `{statistic} pay`
    pub pay: &'static str,
    /// `Pay of {roles} in {place}`
    pub pay_of: &'static str,
    /// `Pay of {roles} by level`
    pub pay_by_level: &'static str,
    /// `Pay of {roles} by place`
    pub pay_by_place: &'static str,
    /// Column head.
    pub level: &'static str,
    /// Column head.
    pub place: &'static str,
    /// All levels of experience together.
    pub all_levels: &'static str,
    /// `{statistic}: {amount}`
    pub pair: &'static str,
    /// `Jobs for {roles} are projected to grow by {percent} from {year} to {year}.`
    pub grow: &'static str,
    /// The same for a decline.
    pub shrink: &'static str,
    /// `... to stay about the same from {year} to {year}.`
    pub stay: &'static str,
    /// `{number} hours a week`
    pub hours_a_week: &'static str,
    /// Facts about a role, see [`FACTS`]: label and definition.
    pub facts: [[&'static str; 2]; FACTS.len()],
    /// Skill levels 1 to 5.
    pub skill_levels: [&'static str; 5],
    /// Languages, frameworks, tools, concepts, people, and skills without a kind.
    pub skill_kinds: [&'static str; 6],
    /// Course, certificate, bootcamp, book, video, official, article.
    pub course_kinds: [&'static str; 7],
    /// Beginner, intermediate, advanced.
    pub course_levels: [&'static str; 3],
    /// None, own, affiliate, sponsor.
    pub relations: [&'static str; 4],
    /// Goes before the first commercial link.
    pub disclosure: &'static str,
    /// Notes on figures.
    pub notes: Notes,
}

/// Sentences about what a figure is and is not.
#[derive(Debug, Clone, Copy)]
pub struct Notes {
    /// Figures of the wider `{roles}` shown for `{roles}`.
    pub broader: &'static str,
    /// Figures of the narrower ones.
    pub narrower: &'static str,
    /// Figures of ones that overlap.
    pub partial: &'static str,
    /// Figures of another role with the same code.
    pub same: &'static str,
    /// Figures of several roles together.
    pub together: &'static str,
    /// Older than its source allows: `{date}`, `{days}`.
    pub stale: &'static str,
    /// The source publishes nothing above `{amount}`.
    pub capped: &'static str,
    /// Nothing is published for `{roles}`: `{statistic}`.
    pub missing: &'static str,
    /// Figures that cannot be compared, since they differ in `{list}`.
    pub mixed: &'static str,
    /// Statistic, place, period, currency, year, source: what figures can differ in.
    pub differ: [&'static str; 6],
}

/// Keys of the facts about a role, in the order they are shown.
pub const FACTS: [&str; 13] = [
    "pay",
    "jobs",
    "outlook",
    "openings",
    "education",
    "experience",
    "hours",
    "workplace",
    "also-called",
    "progression",
    "code",
    "skills",
    "shared-skills",
];

pub(super) const ENGLISH: Words = Words {
    language: 0,
    less_than: "less than",
    more_than: "more than",
    at_least: "at least",
    per: ["a year", "a month", "a week", "a day", "an hour"],
    statistics: [
        "average",
        "median",
        "10th percentile",
        "25th percentile",
        "75th percentile",
        "90th percentile",
        "minimum",
        "maximum",
        "starter",
        "experienced",
    ],
    units: [
        ["year", "years"],
        ["month", "months"],
        ["week", "weeks"],
        ["day", "days"],
        ["hour", "hours"],
        ["minute", "minutes"],
    ],
    zero_is_one: false,
    an_hour: "an hour",
    about: "about {0}",
    effort_for: "{0} for {1}",
    and: "and",
    list_comma: ",",
    range: "{0} to {1}",
    times: "{0} times",
    free: "free",
    pay: "{0} pay",
    pay_of: "Pay of {0} in {1}",
    pay_by_level: "Pay of {0} by level of experience",
    pay_by_place: "Pay of {0} by place",
    level: "Level",
    place: "Place",
    all_levels: "All levels",
    pair: "{0}: {1}",
    grow: "Jobs for {0} are projected to grow by {1} from {2} to {3}.",
    shrink: "Jobs for {0} are projected to shrink by {1} from {2} to {3}.",
    stay: "Jobs for {0} are projected to stay about the same from {2} to {3}.",
    hours_a_week: "{0} hours a week",
    facts: [
        ["Pay", "What people in this role earn before tax."],
        ["Jobs", "How many people work in this role."],
        ["Job outlook", "How much the number of jobs is projected to change."],
        ["Openings a year", "How many positions are projected to come free or be created each year."],
        ["Education", "What employers usually ask for."],
        ["Experience", "Work experience that employers usually ask for."],
        ["Hours", "What a usual week looks like."],
        ["Workplace", "Where the work is done."],
        ["Also called", "Other titles for the same work."],
        ["Progression", "Steps of a usual career."],
        ["Occupation code", "The published occupation that statistics are counted under."],
        ["Skills", "What people in this role must be able to do."],
        ["Shared skills", "Skills that all of these roles need."],
    ],
    skill_levels: ["awareness", "basics", "working knowledge", "good command", "mastery"],
    skill_kinds: ["Languages", "Frameworks", "Tools", "Concepts", "Working with people", "Other skills"],
    course_kinds: ["Course", "Certificate", "Bootcamp", "Book", "Video", "Official guide", "Article"],
    course_levels: ["for beginners", "intermediate", "advanced"],
    relations: ["", "Our own", "Advertisement", "Sponsored"],
    disclosure: "Some of the links below are advertising: we may be paid when you follow them.",
    notes: Notes {
        broader: "Published for {0}, which is wider; no separate figure exists for {1}.",
        narrower: "Published for {0}, which is narrower; no separate figure exists for {1}.",
        partial: "Published for {0}, which only partly overlaps; no separate figure exists for {1}.",
        same: "Published for {0}; no separate figure exists for {1}.",
        together: "Published for {0} together; no separate figure exists for {1}.",
        stale: "This figure is from {0} and may be out of date.",
        capped: "The source publishes no figures above {0}.",
        missing: "No figure ({1}) is published for {0}.",
        mixed: "These figures differ in {0}, so they cannot be compared directly.",
        differ: ["statistic", "place", "period", "currency", "date", "source"],
    },
};

pub(super) const BRITISH: Words = Words { list_comma: "", ..ENGLISH };

pub(super) const GERMAN: Words = Words {
    language: 1,
    less_than: "weniger als",
    more_than: "mehr als",
    at_least: "mindestens",
    per: ["pro Jahr", "pro Monat", "pro Woche", "pro Tag", "pro Stunde"],
    statistics: [
        "Durchschnitt",
        "Median",
        "10. Perzentil",
        "25. Perzentil",
        "75. Perzentil",
        "90. Perzentil",
        "Minimum",
        "Maximum",
        "Berufseinstieg",
        "mit Erfahrung",
    ],
    units: [
        ["Jahr", "Jahre"],
        ["Monat", "Monate"],
        ["Woche", "Wochen"],
        ["Tag", "Tage"],
        ["Stunde", "Stunden"],
        ["Minute", "Minuten"],
    ],
    an_hour: "eine Stunde",
    about: "etwa {0}",
    effort_for: "{0}, {1} lang",
    and: "und",
    list_comma: "",
    range: "{0} bis {1}",
    times: "{0}-mal",
    free: "kostenlos",
    pay: "Verdienst ({0})",
    pay_of: "Verdienst: {0}, {1}",
    pay_by_level: "Verdienst nach Erfahrung: {0}",
    pay_by_place: "Verdienst nach Ort: {0}",
    level: "Erfahrung",
    place: "Ort",
    all_levels: "Alle",
    pair: "{0}: {1}",
    grow: "Die Zahl der Stellen ({0}) soll von {2} bis {3} um {1} wachsen.",
    shrink: "Die Zahl der Stellen ({0}) soll von {2} bis {3} um {1} sinken.",
    stay: "Die Zahl der Stellen ({0}) soll von {2} bis {3} etwa gleich bleiben.",
    hours_a_week: "{0} Stunden pro Woche",
    facts: [
        ["Verdienst", "Was Menschen in diesem Beruf brutto verdienen."],
        ["Stellen", "Wie viele Menschen in diesem Beruf arbeiten."],
        ["Aussichten", "Wie sich die Zahl der Stellen voraussichtlich ändert."],
        [
            "Freie Stellen pro Jahr",
            "Wie viele Stellen voraussichtlich jedes Jahr frei werden oder entstehen.",
        ],
        ["Ausbildung", "Was Arbeitgeber meist verlangen."],
        ["Erfahrung", "Welche Berufserfahrung Arbeitgeber meist verlangen."],
        ["Arbeitszeit", "Wie eine gewöhnliche Woche aussieht."],
        ["Arbeitsort", "Wo gearbeitet wird."],
        ["Auch genannt", "Andere Bezeichnungen für dieselbe Arbeit."],
        ["Laufbahn", "Stufen einer üblichen Laufbahn."],
        ["Berufskennziffer", "Der Beruf, unter dem die Statistik zählt."],
        ["Fähigkeiten", "Was man in diesem Beruf können muss."],
        ["Gemeinsame Fähigkeiten", "Fähigkeiten, die alle diese Berufe brauchen."],
    ],
    skill_levels: ["Überblick", "Grundlagen", "Praxis", "gute Kenntnisse", "Beherrschung"],
    skill_kinds: ["Sprachen", "Frameworks", "Werkzeuge", "Konzepte", "Zusammenarbeit", "Weitere Fähigkeiten"],
    course_kinds: ["Kurs", "Zertifikat", "Bootcamp", "Buch", "Video", "Offizielle Anleitung", "Artikel"],
    course_levels: ["für Einsteiger", "für Fortgeschrittene", "für Erfahrene"],
    relations: ["", "Eigenes Angebot", "Werbung", "Gesponsert"],
    disclosure: "Einige der folgenden Links sind Werbung: Wir können Geld bekommen, wenn Sie ihnen folgen.",
    notes: Notes {
        broader: "Veröffentlicht für {0}, was weiter gefasst ist; eigene Zahlen für {1} gibt es nicht.",
        narrower: "Veröffentlicht für {0}, was enger gefasst ist; eigene Zahlen für {1} gibt es nicht.",
        partial: "Veröffentlicht für {0}, was sich nur teilweise deckt; eigene Zahlen für {1} gibt es nicht.",
        same: "Veröffentlicht für {0}; eigene Zahlen für {1} gibt es nicht.",
        together: "Gemeinsam veröffentlicht für {0}; eigene Zahlen für {1} gibt es nicht.",
        stale: "Diese Zahl ist von {0} und kann veraltet sein.",
        capped: "Die Quelle veröffentlicht keine Zahlen über {0}.",
        missing: "Für {0} ist keine Zahl ({1}) veröffentlicht.",
        mixed: "Diese Zahlen unterscheiden sich in: {0}. Sie lassen sich nicht unmittelbar vergleichen.",
        differ: ["Statistik", "Ort", "Zeitraum", "Währung", "Stand", "Quelle"],
    },
    ..ENGLISH
};

pub(super) const FRENCH: Words = Words {
    language: 2,
    less_than: "moins de",
    more_than: "plus de",
    at_least: "au moins",
    per: ["par an", "par mois", "par semaine", "par jour", "par heure"],
    statistics: [
        "moyenne",
        "médiane",
        "10e centile",
        "25e centile",
        "75e centile",
        "90e centile",
        "minimum",
        "maximum",
        "débutant",
        "expérimenté",
    ],
    units: [
        ["an", "ans"],
        ["mois", "mois"],
        ["semaine", "semaines"],
        ["jour", "jours"],
        ["heure", "heures"],
        ["minute", "minutes"],
    ],
    zero_is_one: true,
    an_hour: "une heure",
    about: "environ {0}",
    effort_for: "{0} pendant {1}",
    and: "et",
    list_comma: "",
    range: "de {0} à {1}",
    times: "{0} fois",
    free: "gratuit",
    pay: "Salaire ({0})",
    pay_of: "Salaires : {0}, {1}",
    pay_by_level: "Salaires selon l’expérience : {0}",
    pay_by_place: "Salaires selon le lieu : {0}",
    level: "Expérience",
    place: "Lieu",
    all_levels: "Ensemble",
    pair: "{0} : {1}",
    grow: "Le nombre d’emplois ({0}) devrait augmenter de {1} de {2} à {3}.",
    shrink: "Le nombre d’emplois ({0}) devrait baisser de {1} de {2} à {3}.",
    stay: "Le nombre d’emplois ({0}) devrait rester à peu près stable de {2} à {3}.",
    hours_a_week: "{0} heures par semaine",
    facts: [
        ["Salaire", "Ce que l’on gagne dans ce métier, avant impôt."],
        ["Emplois", "Combien de personnes exercent ce métier."],
        ["Perspectives", "Comment le nombre d’emplois devrait évoluer."],
        ["Postes par an", "Combien de postes devraient se libérer ou être créés chaque année."],
        ["Formation", "Ce que les employeurs demandent d’ordinaire."],
        ["Expérience", "L’expérience que les employeurs demandent d’ordinaire."],
        ["Horaires", "À quoi ressemble une semaine ordinaire."],
        ["Lieu de travail", "Où l’on travaille."],
        ["Aussi appelé", "D’autres noms du même travail."],
        ["Évolution", "Les étapes d’une carrière ordinaire."],
        ["Code du métier", "Le métier sous lequel les statistiques sont comptées."],
        ["Compétences", "Ce qu’il faut savoir faire dans ce métier."],
        ["Compétences communes", "Les compétences que tous ces métiers demandent."],
    ],
    skill_levels: ["notions", "bases", "pratique", "bonne maîtrise", "expertise"],
    skill_kinds: [
        "Langages",
        "Frameworks",
        "Outils",
        "Concepts",
        "Travail avec les autres",
        "Autres compétences",
    ],
    course_kinds: [
        "Cours",
        "Certificat",
        "Formation intensive",
        "Livre",
        "Vidéo",
        "Guide officiel",
        "Article",
    ],
    course_levels: ["pour débutants", "niveau intermédiaire", "niveau avancé"],
    relations: ["", "Notre offre", "Publicité", "Sponsorisé"],
    disclosure: "Certains des liens ci-dessous sont publicitaires : nous pouvons être payés si vous les suivez.",
    notes: Notes {
        broader: "Publié pour {0}, plus large ; aucun chiffre séparé n’existe pour {1}.",
        narrower: "Publié pour {0}, plus étroit ; aucun chiffre séparé n’existe pour {1}.",
        partial: "Publié pour {0}, qui ne correspond qu’en partie ; aucun chiffre séparé n’existe pour {1}.",
        same: "Publié pour {0} ; aucun chiffre séparé n’existe pour {1}.",
        together: "Publié pour {0} ensemble ; aucun chiffre séparé n’existe pour {1}.",
        stale: "Ce chiffre date de {0} et peut être périmé.",
        capped: "La source ne publie pas de chiffres au-dessus de {0}.",
        missing: "Aucun chiffre ({1}) n’est publié pour {0}.",
        mixed: "Ces chiffres diffèrent : {0}. Ils ne se comparent pas directement.",
        differ: ["statistique", "lieu", "période", "devise", "date", "source"],
    },
};
