//! `yinxin ca`: a certificate authority for tests (测试证书机构). Every subject it names says that it is for tests.

pub mod authority;
pub mod crl;
pub mod folder;
pub mod init;
mod issue;
mod revoke;
pub mod state;

use std::path::PathBuf;

use clap::{Subcommand, ValueEnum};

use crate::failure::Outcome;
use crate::output::Output;

/// What to do with the test CA.
#[derive(Debug, Subcommand)]
pub enum CaCommand {
    /// 新建测试证书机构（根与签发机构）/ make a test CA: a root and an issuing CA
    Init(init::InitArgs),
    /// 签发证书 / issue a certificate
    Issue(Box<issue::IssueArgs>),
    /// 登记证书吊销；随后用 crl 发布 / mark a certificate as revoked; publish by crl afterwards
    Revoke(revoke::RevokeArgs),
    /// 签发吊销列表 / issue the revocation lists
    Crl(crl::CrlArgs),
}

/// Folder argument shared by all of them.
#[derive(Debug, clap::Args)]
pub struct CaFolder {
    /// 测试证书机构的目录 / folder of the test CA
    #[arg(value_name = "DIR")]
    pub folder: PathBuf,
}

/// Which of the two authorities.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Level {
    /// 签发机构 / the issuing CA
    Ca,
    /// 根 / the root
    Root,
}

impl Level {
    /// The word in files and file names.
    pub fn word(self) -> &'static str {
        match self {
            Self::Ca => "ca",
            Self::Root => "root",
        }
    }
}

/// Runs the chosen command.
pub fn run(command: &CaCommand, out: &Output) -> Outcome {
    match command {
        CaCommand::Init(a) => init::run(a, out),
        CaCommand::Issue(a) => issue::run(a, out),
        CaCommand::Revoke(a) => revoke::run(a, out),
        CaCommand::Crl(a) => crl::run(a, out),
    }
}
