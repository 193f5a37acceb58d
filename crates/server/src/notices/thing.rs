//! What a notice is about, as far as notices and events need to know it.

use jiff::Timestamp;
use yinxin_registry::approval::course::Course;
use yinxin_registry::approval::standing::Standing;
use yinxin_registry::area::AreaPath;
use yinxin_registry::correction::Ticket;
use yinxin_registry::custody::grant::UseGrant;
use yinxin_registry::custody::keeping::Keeping;
use yinxin_registry::exchange::peer::Peer;
use yinxin_registry::ids::{
    AccountId, ApplicationId, DisposalId, MakerId, PeerId, SealId, StandingId, SupervisionId, TicketId,
    UnitId, UseGrantId, UseRequestId, WebhookId,
};
use yinxin_registry::lifecycle::application::Application;
use yinxin_registry::lifecycle::seal::Seal;
use yinxin_registry::maker::Maker;
use yinxin_registry::permission::Place;
use yinxin_registry::retention::disposal::Disposal;
use yinxin_registry::supervision::SupervisionEntry;
use yinxin_registry::unit::Unit;
use yinxin_registry::usage::request::UseRequest;
use yinxin_registry::webhook::Webhook;
use yinxin_store::{Access, StoreError};

/// A thing with those it concerns. What a thing has not is empty.
#[derive(Debug, Clone)]
pub struct Thing {
    /// By what people know it; never a person's name.
    pub label: String,
    /// Area.
    pub area: AreaPath,
    /// Unit.
    pub unit: Option<UnitId>,
    /// Unit above it.
    pub parent: Option<UnitId>,
    /// Maker.
    pub maker: Option<MakerId>,
    /// The seal it concerns, with its code.
    pub seal: Option<(SealId, String)>,
    /// Accounts that have a part in it: who asks, who holds the right.
    pub parties: Vec<String>,
    /// Accounts whose vote it waits for.
    pub voters: Vec<AccountId>,
    /// Who keeps the seal.
    pub keeper: Option<AccountId>,
    /// Who is to keep the seal.
    pub taker: Option<AccountId>,
    /// Deadlines by the kind of notice: see [`Thing::due`].
    dues: Vec<(&'static [&'static str], Option<Timestamp>)>,
}

impl Thing {
    fn at(label: impl Into<String>, area: &AreaPath) -> Self {
        Self {
            label: label.into(),
            area: area.clone(),
            unit: None,
            parent: None,
            maker: None,
            seal: None,
            parties: Vec::new(),
            voters: Vec::new(),
            keeper: None,
            taker: None,
            dues: Vec::new(),
        }
    }

    fn of(mut self, unit: &UnitId, parent: Option<&UnitId>) -> Self {
        self.unit = Some(unit.clone());
        self.parent = parent.cloned();
        self
    }

    fn voted(mut self, course: &Course) -> Self {
        self.voters = course.waits_for().into_iter().cloned().collect();
        let due = course.stages().get(course.reached()).and_then(|stage| stage.due);
        self.dues.push((&["approval.waits", "approval.overdue"], due));
        self
    }

    /// Adds the seal it concerns, and who keeps it.
    async fn with_seal(mut self, access: &mut Access, seal: &SealId) -> Result<Self, StoreError> {
        let code = access.get::<Seal>(seal.as_str()).await?.value.code().to_owned();
        self.seal = Some((seal.clone(), code));
        if let Some(keeping) = access.load::<Keeping>(seal.as_str()).await? {
            let keeping = keeping.value;
            self.keeper = keeping.keeper().map(|keeper| keeper.account.clone());
            self.taker = keeping.handover().map(|handover| handover.to.clone());
            self.dues.push((&["custody.offered"], keeping.handover().map(|handover| handover.due)));
            self.dues.push((&["custody.check_due"], keeping.check_due()));
        }
        Ok(self)
    }

    /// By when something has to be done, for a kind of notice.
    pub fn due(&self, kind: &str) -> Option<Timestamp> {
        self.dues.iter().find(|(kinds, _)| kinds.contains(&kind)).and_then(|(_, due)| *due)
    }

    /// Where it stands, for permissions.
    pub fn place(&self) -> Place {
        match &self.unit {
            Some(unit) => Place::unit(unit, self.parent.as_ref(), &self.area),
            None => Place::area(&self.area),
        }
        .with_maker(self.maker.as_ref())
    }

    /// Loads it by its identifier; `None` for what is no such thing.
    ///
    /// # Errors
    /// Problems of the database.
    pub async fn load(access: &mut Access, id: &str) -> Result<Option<Self>, StoreError> {
        Ok(Some(if SealId::parse(id).is_ok() {
            seal(access, id).await?
        } else if ApplicationId::parse(id).is_ok() {
            application(access, id).await?
        } else if UseRequestId::parse(id).is_ok() {
            let found = access.get::<UseRequest>(id).await?.value;
            let mut thing = Self::at(found.number(), found.area_path()).of(found.unit(), found.parent_unit());
            thing.parties.push(found.asked_by().id.clone());
            let thing = match found.course() {
                Some(course) => thing.voted(course),
                None => thing,
            };
            thing.with_seal(access, found.seal()).await?
        } else if StandingId::parse(id).is_ok() {
            let found = access.get::<Standing>(id).await?.value;
            let mut thing = Self::at(id, found.area_path()).of(found.unit(), found.parent_unit());
            thing.parties.extend(found.history().first().map(|step| step.by.id.clone()));
            thing.voted(found.course()).named_by_seal(access, found.seal()).await?
        } else if UseGrantId::parse(id).is_ok() {
            let found = access.get::<UseGrant>(id).await?.value;
            let mut thing = Self::at(id, found.area_path()).of(found.unit(), found.parent_unit());
            thing.parties.push(found.to().to_owned());
            thing.named_by_seal(access, found.seal()).await?
        } else if UnitId::parse(id).is_ok() {
            let found = access.get::<Unit>(id).await?.value;
            let label = found.credit_code.as_ref().map_or(id, |code| code.as_str());
            Self::at(label, &found.area_path).of(&found.id, found.parent.as_ref())
        } else if DisposalId::parse(id).is_ok() {
            let found = access.get::<Disposal>(id).await?.value;
            let mut thing = Self::at(id, found.area_path()).of(found.unit(), found.parent_unit());
            thing.parties.push(found.proposed_by().id.clone());
            thing.parties.extend(found.decided_by().map(|by| by.id.clone()));
            thing
        } else if MakerId::parse(id).is_ok() {
            let found = access.get::<Maker>(id).await?.value;
            let mut thing = Self::at(found.credit_code.as_str(), &found.area_path);
            thing.maker = Some(found.id);
            thing
        } else if SupervisionId::parse(id).is_ok() {
            let found = access.get::<SupervisionEntry>(id).await?.value;
            let mut thing = Self::at(id, &found.area_path);
            thing.maker = Some(found.maker);
            thing.dues.push((&["supervision.written"], found.due));
            thing
        } else if TicketId::parse(id).is_ok() {
            let found = access.get::<Ticket>(id).await?.value;
            let label = found.document().unwrap_or(id);
            let mut thing = Self::at(label, found.area_path()).of(found.unit(), found.parent_unit());
            thing.dues.push((
                &["ticket.opened", "ticket.sent_back", "ticket.extended", "ticket.soon", "ticket.overdue"],
                found.due(),
            ));
            thing
        } else if WebhookId::parse(id).is_ok() {
            let found = access.get::<Webhook>(id).await?.value;
            let mut thing = Self::at(id, &found.area_path);
            thing.unit = found.unit().cloned();
            thing.parent = found.parent_unit.clone();
            thing.parties.push(found.created_by.to_string());
            thing
        } else if PeerId::parse(id).is_ok() {
            let found = access.get::<Peer>(id).await?.value;
            Self::at(found.terms().code.as_str(), &found.terms().area_path)
        } else {
            return Ok(None);
        }))
    }

    async fn named_by_seal(self, access: &mut Access, seal: &SealId) -> Result<Self, StoreError> {
        let mut thing = self.with_seal(access, seal).await?;
        if let Some((_, code)) = &thing.seal {
            thing.label.clone_from(code);
        }
        Ok(thing)
    }
}

async fn seal(access: &mut Access, id: &str) -> Result<Thing, StoreError> {
    let found = access.get::<Seal>(id).await?.value;
    let mut thing = Thing::at(found.code(), found.area_path()).of(found.unit(), found.parent_unit());
    thing.maker = Some(found.maker().clone());
    let made = found.made().map(|made| made.valid_until);
    thing.dues = vec![
        (&["seal.made", "seal.filing_soon", "seal.filing_overdue"], found.filing_due()),
        (&["seal.filed", "seal.delivered", "seal.claim_soon"], found.claim_due()),
        (&["seal.renewal_reminder"], made),
    ];
    thing.with_seal(access, found.id()).await
}

async fn application(access: &mut Access, id: &str) -> Result<Thing, StoreError> {
    let found = access.get::<Application>(id).await?.value;
    let label = found.number().unwrap_or(id);
    let mut thing = Thing::at(label, found.area_path()).of(found.unit(), found.parent_unit());
    thing.maker = found.maker().cloned();
    let kinds: &[&str] = &[
        "application.submitted",
        "application.sent_back",
        "application.returned",
        "application.review_soon",
        "application.review_overdue",
    ];
    thing.dues.push((kinds, found.due()));
    Ok(thing)
}
