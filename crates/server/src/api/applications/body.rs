//! What a unit fills in, as a request carries it.

use crate::api::csr::read_request;
use crate::api::people::PersonBody;
use crate::app::App;
use crate::http::{Faults, Problem};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use yinxin_registry::ids::{AccountId, SealId};
use yinxin_registry::lifecycle::application::{Agent, Content, Imprint, PhysicalSeal, Publicity};
use yinxin_registry::profile::SealKind;
use yinxin_registry::text::has_length;
use yinxin_registry::unit::Person;

/// Why there is an application.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case", tag = "kind", deny_unknown_fields)]
pub enum BasisBody {
    /// A first seal.
    New,
    /// The certificate ends; the next seal follows it.
    Renewal {
        /// The seal to be followed.
        #[schema(value_type = String, example = "seal_01k0000000000000000000000a")]
        seal: SealId,
    },
    /// The old seal was lost, leaked or damaged.
    Remake {
        /// The seal that was.
        #[schema(value_type = String, example = "seal_01k0000000000000000000000a")]
        seal: SealId,
    },
}

/// Record of the physical seal.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PhysicalSealBody {
    /// Registration number with public security, 3 to 19 digits.
    #[schema(example = "6101000000001", pattern = "^[0-9]{3,19}$")]
    pub registration: String,
    /// Who engraved it.
    #[schema(example = "示例刻章社", min_length = 1, max_length = 100)]
    pub engraver: String,
    /// When.
    #[schema(value_type = String, format = Date)]
    pub engraved_on: Date,
    /// SM3 of the imprint on record, hex.
    #[serde(default)]
    #[schema(pattern = "^[0-9a-f]{64}$")]
    pub imprint_digest: Option<String>,
}

/// The imprint asked for.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case", tag = "kind", deny_unknown_fields)]
pub enum ImprintBody {
    /// Drawn by the rules from the seal's name.
    Drawn {
        /// Width in tenths of a millimeter.
        #[schema(minimum = 100, maximum = 700, example = 400)]
        width_tenth_mm: u32,
        /// Height in tenths of a millimeter.
        #[schema(minimum = 100, maximum = 700, example = 400)]
        height_tenth_mm: u32,
    },
    /// The picture that was handed in as the material `imprint_picture`.
    Given {
        /// SM3 of the picture, hex.
        #[schema(pattern = "^[0-9a-f]{64}$")]
        digest: String,
        /// Width in tenths of a millimeter.
        #[schema(minimum = 100, maximum = 700, example = 400)]
        width_tenth_mm: u32,
        /// Height in tenths of a millimeter.
        #[schema(minimum = 100, maximum = 700, example = 400)]
        height_tenth_mm: u32,
    },
}

/// Where the seal's key is to live.
#[derive(Debug, Clone, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "snake_case", tag = "kind", deny_unknown_fields)]
pub enum KeyBody {
    /// The maker makes it in its provider.
    Workshop,
    /// In the unit's own device (智能密码钥匙), where it was made and stays.
    Elsewhere {
        /// Certification request (PKCS#10) signed by that SM2 key: PEM, or base64 of DER. Only its key and signature count.
        #[schema(max_length = 65536)]
        request: String,
    },
}

/// Content of an application.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ContentBody {
    /// Kind of seal.
    #[schema(
        value_type = String,
        pattern = "^(legal_name|internal_body|branch|business_(contract|finance|invoice|cancellation|customs|other)|personal_(legal_representative|person_in_charge|finance_officer|authorized_representative|staff))$",
        example = "legal_name"
    )]
    pub kind: SealKind,
    /// For internal business only: not published, marked.
    #[serde(default)]
    pub internal: bool,
    /// Name on the seal.
    #[schema(example = "示例市示例有限公司", min_length = 2, max_length = 80)]
    pub seal_name: String,
    /// Person a personal seal is for.
    #[serde(default)]
    pub holder: Option<PersonBody>,
    /// Who applies for the unit.
    pub agent: PersonBody,
    /// Legal representative.
    pub legal_representative: PersonBody,
    /// Seal administrator.
    #[serde(default)]
    pub seal_administrator: Option<PersonBody>,
    /// Technical support measures.
    #[serde(default)]
    #[schema(max_length = 4000)]
    pub technical_measures: String,
    /// Physical seal.
    #[serde(default)]
    pub physical: Option<PhysicalSealBody>,
    /// Imprint.
    pub imprint: ImprintBody,
    /// Years the seal is to be valid.
    #[schema(minimum = 1, maximum = 10, example = 3)]
    pub years: u32,
    /// Where the key is to live; absent: the maker makes it.
    #[serde(default)]
    pub key: Option<KeyBody>,
    /// Uses that a law excludes for this seal.
    #[serde(default)]
    #[schema(value_type = Vec<ExcludedUse>, max_items = 50)]
    pub excluded_uses: Vec<String>,
}

/// A use that a law excludes.
#[derive(Debug, Clone, ToSchema)]
#[schema(min_length = 1, max_length = 200, example = "不得用于对外担保")]
#[allow(dead_code, reason = "documentation only; the body holds the text")]
pub struct ExcludedUse(String);

/// The people of the content that is replaced.
#[derive(Clone, Copy, Default)]
struct Before<'a> {
    agent: Option<&'a Person>,
    legal_representative: Option<&'a Person>,
    seal_administrator: Option<&'a Person>,
    holder: Option<&'a Person>,
}

impl<'a> Before<'a> {
    fn of(present: Option<&'a Content>) -> Self {
        present.map_or_else(Self::default, |content| Self {
            agent: Some(&content.agent.person),
            legal_representative: Some(&content.legal_representative),
            seal_administrator: content.seal_administrator.as_ref(),
            holder: content.holder.as_ref(),
        })
    }
}

impl ContentBody {
    /// Notes what is wrong with it.
    /// `base` is where the content stands in the body of the request, `present` what it replaces.
    ///
    /// # Errors
    /// `VALIDATION` naming every field.
    pub fn check(&self, base: &str, present: Option<&Content>, today: Date) -> Result<(), Problem> {
        let mut faults = Faults::new();
        faults.within(base, |faults| self.note(present, today, faults));
        faults.into_result()
    }

    fn note(&self, present: Option<&Content>, today: Date, faults: &mut Faults) {
        let before = Before::of(present);
        let people = [
            ("/agent", Some(&self.agent), before.agent),
            ("/legal_representative", Some(&self.legal_representative), before.legal_representative),
            ("/seal_administrator", self.seal_administrator.as_ref(), before.seal_administrator),
            ("/holder", self.holder.as_ref(), before.holder),
        ];
        for (pointer, person, present) in people {
            if let Some(person) = person {
                faults.within(pointer, |faults| person.check(present, today, faults));
            }
        }
        if let Some(physical) = &self.physical {
            faults.within("/physical", |faults| check_physical(physical, today, faults));
        }
        if let ImprintBody::Given { digest, .. } = &self.imprint {
            check_digest("/imprint/digest", digest, faults);
        }
        if let Some(KeyBody::Elsewhere { request }) = &self.key {
            read_request("/key/request", request, faults);
        }
        if self.technical_measures.chars().count() > 4000 {
            faults.push("/technical_measures", "LONG", "不得超过 4000 字", "at most 4000 characters");
        }
        for (index, text) in self.excluded_uses.iter().enumerate() {
            if text.trim().is_empty() || text.chars().count() > 200 {
                let pointer = format!("/excluded_uses/{index}");
                faults.push(&pointer, "TEXT", "应为 1 至 200 字", "1 to 200 characters");
            }
        }
    }

    /// As the domain knows it; the numbers of people are encrypted for the record `owner`, or stay as they are in what is replaced.
    ///
    /// # Errors
    /// `INTERNAL` when the keys do not serve.
    pub fn into_content(
        self,
        app: &App,
        owner: &str,
        account: Option<AccountId>,
        present: Option<&Content>,
    ) -> Result<Content, Problem> {
        let before = Before::of(present);
        let maybe = |person: Option<PersonBody>, present: Option<&Person>| {
            person.map(|p| p.protect(app, owner, present)).transpose()
        };
        Ok(Content {
            kind: self.kind,
            publicity: if self.internal { Publicity::Internal } else { Publicity::Public },
            seal_name: self.seal_name.trim().to_owned(),
            holder: maybe(self.holder, before.holder)?,
            agent: Agent { person: self.agent.protect(app, owner, before.agent)?, account },
            legal_representative: self.legal_representative.protect(
                app,
                owner,
                before.legal_representative,
            )?,
            seal_administrator: maybe(self.seal_administrator, before.seal_administrator)?,
            technical_measures: self.technical_measures,
            physical: self.physical.map(|p| PhysicalSeal {
                registration: p.registration,
                engraver: p.engraver,
                engraved_on: p.engraved_on.to_string(),
                imprint_digest: p.imprint_digest,
            }),
            imprint: match self.imprint {
                ImprintBody::Drawn { width_tenth_mm, height_tenth_mm } => {
                    Imprint::Drawn { width_tenth_mm, height_tenth_mm }
                }
                ImprintBody::Given { digest, width_tenth_mm, height_tenth_mm } => {
                    Imprint::Given { digest, format: "png".to_owned(), width_tenth_mm, height_tenth_mm }
                }
            },
            years: self.years,
            key_request: match &self.key {
                Some(KeyBody::Elsewhere { request }) => {
                    read_request("/key/request", request, &mut Faults::new()).map(|(request, _)| request)
                }
                Some(KeyBody::Workshop) | None => None,
            },
            excluded_uses: self.excluded_uses,
            materials: present.map(|present| present.materials.clone()).unwrap_or_default(),
        })
    }
}

fn check_physical(physical: &PhysicalSealBody, today: Date, faults: &mut Faults) {
    let digits = physical.registration.bytes().all(|b| b.is_ascii_digit());
    if !digits || !(3..=19).contains(&physical.registration.len()) {
        faults.push("/registration", "REGISTRATION", "登记编号为 3 至 19 位数字", "3 to 19 digits");
    }
    if !has_length(&physical.engraver, 1..=100) {
        faults.push("/engraver", "NAME", "刻制单位名称应为 1 至 100 个字", "1 to 100 characters");
    }
    if physical.engraved_on > today {
        faults.push("/engraved_on", "FUTURE", "刻制日期不得晚于今天", "the date lies in the future");
    }
    if let Some(digest) = &physical.imprint_digest {
        check_digest("/imprint_digest", digest, faults);
    }
}

fn check_digest(pointer: &str, digest: &str, faults: &mut Faults) {
    let hex = |b: u8| b.is_ascii_digit() || (b'a'..=b'f').contains(&b);
    if digest.len() != 64 || !digest.bytes().all(hex) {
        faults.push(
            pointer,
            "DIGEST",
            "应为 64 位小写十六进制 SM3 值",
            "64 lower-case hexadecimal digits (SM3)",
        );
    }
}
