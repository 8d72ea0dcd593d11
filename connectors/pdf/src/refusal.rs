//! Why a document may not be published, in words for whoever submits it.

use thiserror::Error;

/// Why a document may not be published.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum Refusal {
    /// It is no PDF.
    #[error("tinka tik PDF dokumentas")]
    NotPdf,
    /// It is encrypted.
    #[error("jis užšifruotas arba apsaugotas slaptažodžiu, todėl jo negalima patikrinti. Išsaugokite jį be apsaugos")]
    Encrypted,
    /// It is, or may be, signed: a certificate holds the signer's code.
    #[error(
        "jis pasirašytas arba jame yra dalių, kurių negalima patikrinti. Parašo sertifikate yra asmens kodas, todėl viešai skelbkite nepasirašytą nuorašą"
    )]
    Signed,
    /// Other files lie in it.
    #[error("jame yra įdėtų failų. Išsaugokite jį be jų")]
    Files,
    /// It has fields to fill in.
    #[error("jame yra pildoma forma. Išsaugokite jį kaip paprastą PDF („Spausdinti į PDF“)")]
    Form,
    /// It does something.
    #[error("jame yra programų arba veiksmų. Išsaugokite jį kaip paprastą PDF („Spausdinti į PDF“)")]
    Actions,
    /// It has comments, or whatever else lies above its pages.
    #[error("jame yra pastabų ar kitų žymų ant puslapių. Pašalinkite jas ir išsaugokite dokumentą iš naujo")]
    Notes,
    /// A personal code, or somebody's birth date, is in it.
    #[error(
        "jo tekste arba savybėse rastas asmens kodas, gimimo data ar į juos panašus skaičius. Viešai skelbkite nuorašą be asmens duomenų"
    )]
    Personal,
    /// Nobody can read its text: scanned, or drawn with letters that nobody knows.
    #[error(
        "jo teksto negalima perskaityti (pavyzdžiui, jis nuskenuotas), todėl neaišku, ar jame nėra asmens kodų. Reikia PDF su tekstu, išsaugoto teksto rengykle"
    )]
    Unreadable,
    /// It is not built as such documents usually are; another reader may see something else in it.
    #[error(
        "jo sandara pažeista arba neįprasta, todėl jo negalima patikrinti. Išsaugokite dokumentą iš teksto rengyklės kaip PDF iš naujo"
    )]
    Unclear,
    /// It is larger than anything that is looked through.
    #[error("jis per didelis arba per sudėtingas patikrinti. Skelbkite trumpesnį dokumentą")]
    TooLarge,
}

impl Refusal {
    /// All of them.
    pub const ALL: [Self; 11] = [
        Self::NotPdf,
        Self::Encrypted,
        Self::Signed,
        Self::Files,
        Self::Form,
        Self::Actions,
        Self::Notes,
        Self::Personal,
        Self::Unreadable,
        Self::Unclear,
        Self::TooLarge,
    ];

    /// The one that breaks this rule.
    #[must_use]
    pub fn by_rule(rule: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|refusal| refusal.rule() == rule)
    }

    /// The rule that it breaks, as quarantine calls it.
    #[must_use]
    pub fn rule(self) -> &'static str {
        match self {
            Self::NotPdf => "failas_ne_pdf",
            Self::Encrypted => "failas_uzsifruotas",
            Self::Signed => "failas_pasirasytas",
            Self::Files => "faile_yra_failu",
            Self::Form => "faile_yra_forma",
            Self::Actions => "faile_yra_veiksmu",
            Self::Notes => "faile_yra_pastabu",
            Self::Personal => "faile_yra_asmens_duomenu",
            Self::Unreadable => "failas_neperskaitomas",
            Self::Unclear => "failas_neaiskus",
            Self::TooLarge => "failas_per_didelis",
        }
    }
}
