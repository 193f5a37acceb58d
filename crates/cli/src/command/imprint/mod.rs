//! `yinxin imprint`.

mod check;
mod compare;
mod draw;
mod import;
mod size;

use std::path::PathBuf;

use clap::{Args, Subcommand};
use yinxin_imprint::{Rank, Rules};

use crate::failure::{Failure, Outcome};
use crate::files;
use crate::output::Output;

/// What to do with imprints.
#[derive(Debug, Subcommand)]
pub enum ImprintCommand {
    /// 按规格画印模，按扩展名写出 PNG、SVG 或 OFD / draw an imprint to exact size; PNG, SVG or OFD by extension
    Draw(Box<draw::DrawArgs>),
    /// 由扫描件或照片制作印模：找印、摆正、去底、统一颜色、裁切、定尺寸 / make an imprint from a scan or photo
    Import(import::ImportArgs),
    /// 按印章种类的规则检查印模图像，逐条给出实测值与允许值 / check a picture against the rules of its kind
    Check(check::CheckArgs),
    /// 与备案印模比对：对准后给出相似度和差异图 / compare with the filed imprint: score and difference picture
    Compare(compare::CompareArgs),
}

/// By which rules.
#[derive(Debug, Args)]
pub struct RulesArgs {
    /// 种类：official 法定名称章、business 业务专用章、finance 财务、contract 合同、invoice 发票、customs 报关、cancellation 核销、personal 个人名章 / kind of seal
    #[arg(long, value_parser = ["official", "business", "finance", "contract", "invoice", "customs", "cancellation", "personal"])]
    pub kind: String,
    /// 单位级别：state-council、province-ministry、prefecture-county、ministry-bureau、national-name、township、state-firm、unit / rank of the unit
    #[arg(long, default_value = "unit", value_parser = ["state-council", "province-ministry", "prefecture-county", "ministry-bureau", "national-name", "township", "state-firm", "unit"])]
    pub rank: String,
    /// 本地区的印模规则（TOML），叠加在国家规则之上 / an area's rules (TOML), laid over the national ones
    #[arg(long, value_name = "FILE")]
    pub rules: Option<PathBuf>,
}

impl RulesArgs {
    /// Kind and rank.
    fn kind_and_rank(&self) -> Result<(yinxin_imprint::Kind, Rank), Failure> {
        Ok((self.kind.parse()?, self.rank.parse()?))
    }

    /// The national rules, or with the area's laid over them.
    fn load(&self) -> Result<Rules, Failure> {
        let national = Rules::national();
        let Some(path) = &self.rules else { return Ok(national.clone()) };
        let text = String::from_utf8(files::read(path)?).map_err(|_| {
            Failure::new("IMPRINT_RULES_FORM", format!("{}: 不是 UTF-8 文本 / not UTF-8", path.display()))
        })?;
        national.with_area(&text).map_err(|e| Failure::new(e.code(), format!("{}: {e}", path.display())))
    }
}

/// Does it.
pub fn run(args: &ImprintCommand, out: &Output) -> Outcome {
    match args {
        ImprintCommand::Draw(args) => draw::run(args, out),
        ImprintCommand::Import(args) => import::run(args, out),
        ImprintCommand::Check(args) => check::run(args, out),
        ImprintCommand::Compare(args) => compare::run(args, out),
    }
}
