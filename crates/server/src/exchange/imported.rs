//! A trust list of another system, read: signed by a certificate that two people confirmed, and bringing no root they did not confirm.

use super::statement::{FORMAT, ListedMaker, TrustListStatement};
use crate::status::verify::{StatusFault, open};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use yinxin_crypto::sm3;
use yinxin_formats::crl::Crl;
use yinxin_formats::der::Limits;
use yinxin_formats::x509::Certificate;
use yinxin_registry::exchange::peer::{Peer, Terms};
use yinxin_seal::TrustFacts;
use yinxin_seal::trust::{ListedMaker as MakerFact, ListedTrust, Remembered};

/// Most certificates and revocation lists of each sort in one list.
const MOST: usize = 10_000;

/// Why a list is not taken up. The text may be shown to users.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ListFault {
    /// It is not signed as it should be.
    #[error(transparent)]
    Signed(#[from] StatusFault),
    /// It is another system's.
    #[error("信任列表属于另一系统“{0}” / the list is that of another system, \"{0}\"")]
    System(String),
    /// It ends before it begins.
    #[error("信任列表的时间不正确 / the times of the list are wrong")]
    Time,
    /// None of its roots was confirmed.
    #[error("信任列表中没有经确认的信任根 / the list has none of the roots that were confirmed")]
    Anchors,
    /// Something in it is no certificate, or it holds too many.
    #[error("信任列表中的{0}不正确 / the list's {0} cannot be read")]
    Part(&'static str),
}

impl ListFault {
    /// Stable, language-free code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Signed(fault) => fault.code(),
            Self::System(_) => "LIST_SYSTEM",
            Self::Time => "LIST_TIME",
            Self::Anchors => "LIST_ANCHORS",
            Self::Part(_) => "LIST_PART",
        }
    }
}

/// A list that was read.
#[derive(Debug)]
pub struct Imported {
    /// What it states.
    pub statement: TrustListStatement,
    /// SM3 of the statement, hex.
    pub digest: String,
    /// Roots that count: those of the list that were confirmed.
    pub anchors: Vec<Certificate>,
    /// How many roots it brings that nobody confirmed; they do not count.
    pub unconfirmed: usize,
    intermediates: Vec<Certificate>,
    crls: Vec<Crl>,
    makers: Vec<MakerFact>,
}

/// Reads the list of a system at a moment. Whether it ran out is for the caller to ask.
///
/// # Errors
/// The first [`ListFault`] found.
pub fn read(envelope: &[u8], terms: &Terms, at: Timestamp) -> Result<Imported, ListFault> {
    let confirmed = certificates(&terms.anchors, "anchors")?;
    let signers = certificates(&terms.certificates, "certificates")?;
    let facts = TrustFacts { anchors: confirmed.clone(), ..TrustFacts::default() };
    let made = |statement: &TrustListStatement| statement.this_update;
    let (statement, digest) = open(envelope, FORMAT, &signers, &facts, at, made)?;
    if statement.authority.code != terms.code {
        return Err(ListFault::System(statement.authority.code));
    }
    if statement.this_update >= statement.next_update {
        return Err(ListFault::Time);
    }
    let listed = certificates(&statement.anchors, "anchors")?;
    let (anchors, others): (Vec<_>, Vec<_>) =
        listed.into_iter().partition(|root| confirmed.iter().any(|known| known.raw() == root.raw()));
    if anchors.is_empty() {
        return Err(ListFault::Anchors);
    }
    Ok(Imported {
        intermediates: certificates(&statement.intermediates, "intermediates")?,
        crls: crls(&statement.revocation_lists)?,
        makers: makers(&statement.makers)?,
        statement,
        digest,
        anchors,
        unconfirmed: others.len(),
    })
}

impl Imported {
    /// As verification relies on it.
    pub fn into_trust(self, peer: &Peer, suspended: bool, remembered: &Remembered) -> ListedTrust {
        ListedTrust {
            name: peer.terms().name.clone(),
            code: peer.terms().code.clone(),
            number: self.statement.number,
            until: self.statement.next_update,
            suspended,
            facts: TrustFacts {
                anchors: self.anchors,
                intermediates: self.intermediates,
                crls: self.crls,
                remembered: remembered.clone(),
                ..TrustFacts::default()
            },
            makers: self.makers,
        }
    }
}

fn certificates(texts: &[String], what: &'static str) -> Result<Vec<Certificate>, ListFault> {
    let bad = || ListFault::Part(what);
    if texts.len() > MOST {
        return Err(bad());
    }
    let read = |text: &String| {
        let der = STANDARD.decode(text).map_err(|_| bad())?;
        Certificate::parse(&der, &Limits::default()).map_err(|_| bad())
    };
    texts.iter().map(read).collect()
}

fn crls(texts: &[String]) -> Result<Vec<Crl>, ListFault> {
    let bad = || ListFault::Part("revocation_lists");
    if texts.len() > MOST {
        return Err(bad());
    }
    let read = |text: &String| {
        let der = STANDARD.decode(text).map_err(|_| bad())?;
        Crl::from_vec(der, &Limits::default()).map_err(|_| bad())
    };
    texts.iter().map(read).collect()
}

fn makers(listed: &[ListedMaker]) -> Result<Vec<MakerFact>, ListFault> {
    let bad = || ListFault::Part("makers");
    let mut facts = Vec::new();
    for one in listed.iter().flat_map(|maker| &maker.certificates) {
        let der = STANDARD.decode(&one.certificate).map_err(|_| bad())?;
        Certificate::parse(&der, &Limits::default()).map_err(|_| bad())?;
        facts.push(MakerFact { digest: sm3(&der), until: one.replaced_at });
        if facts.len() > MOST {
            return Err(bad());
        }
    }
    Ok(facts)
}
