//! The command line.

use clap::{ArgAction, Parser, Subcommand, ValueEnum};
use yinxin_seal::report::Lang;

use crate::command;

/// 印信：电子印章的制作、签章与验证 / make, use and verify electronic seals
#[derive(Debug, Parser)]
#[command(
    name = "yinxin",
    version,
    disable_help_flag = true,
    disable_version_flag = true,
    disable_help_subcommand = true,
    max_term_width = 110
)]
pub struct Cli {
    /// 显示帮助 / print help
    #[arg(short = 'h', long, global = true, action = ArgAction::Help)]
    pub help: Option<bool>,
    /// 显示版本 / print the version
    #[arg(short = 'V', long, action = ArgAction::Version)]
    pub version: Option<bool>,
    /// 语言，也可由环境变量 YINXIN_LANG 给出 / language; may also be set by the environment variable YINXIN_LANG
    #[arg(
        long,
        global = true,
        value_enum,
        default_value = "zh",
        env = "YINXIN_LANG",
        hide_env_values = true
    )]
    pub lang: LangArg,
    /// 在标准输出上只打印一个 JSON 值 / print exactly one JSON value on standard output
    #[arg(long, global = true)]
    pub json: bool,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// Language of the output.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum LangArg {
    /// 中文
    Zh,
    /// English
    En,
}

impl From<LangArg> for Lang {
    fn from(l: LangArg) -> Self {
        match l {
            LangArg::Zh => Self::Zh,
            LangArg::En => Self::En,
        }
    }
}

/// The verbs.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// 验证文件 / verify documents
    Verify(command::verify::VerifyArgs),
    /// 签章 / seal a document
    Sign(Box<command::sign::SignArgs>),
    /// 印章：制作、查看、验证 / seals: make, inspect, verify
    #[command(subcommand)]
    Seal(command::seal::SealCommand),
    /// 查看数据结构 / look inside seals, signatures, certificates, lists, tokens, documents
    Inspect(command::inspect::InspectArgs),
    /// 取出签章人所见的文件 / the document as a signer saw it
    Extract(command::extract::ExtractArgs),
    /// 把页面画成图像 / draw a page as a picture
    Render(Box<command::render::RenderArgs>),
    /// 为已签章的 PDF 补充长期验证资料和文档时间戳 / add to a sealed PDF what verifies it in later years
    Extend(Box<command::extend::ExtendArgs>),
    /// 读取文字及其位置 / the text of a document and where it stands
    Text(command::text::TextArgs),
    /// 印模 / imprints
    #[command(subcommand)]
    Imprint(command::imprint::ImprintCommand),
    /// 运行登记服务 / run the registry
    Serve(command::serve::ServeArgs),
    /// 升级数据库结构 / bring the database to this program's schema
    Migrate(command::migrate::MigrateArgs),
    /// 自检：配置、密钥、数据库、材料、时钟 / check configuration, keys, database, documents, clock
    Doctor(command::doctor::DoctorArgs),
    /// 配置 / configuration
    #[command(subcommand)]
    Config(command::config::ConfigCommand),
    /// 备份：与运行中的服务并行，加密并签名 / back up beside a running service, encrypted and signed
    Backup(Box<command::backup::BackupArgs>),
    /// 恢复到空的地方并证明 / restore into an empty place, and prove it
    Restore(command::restore::RestoreArgs),
    /// 审计日志 / the audit log
    #[command(subcommand)]
    Audit(command::audit::AuditCommand),
    /// 登记系统的主管部门证书 / the authority that signs for the registry
    #[command(subcommand)]
    Authority(command::authority::AuthorityCommand),
    /// 独立运行的制作系统 / the maker in a process of its own
    #[command(subcommand)]
    Maker(command::maker::MakerCommand),
    /// 密钥 / keys of the service
    #[command(subcommand)]
    Keys(command::keys::KeysCommand),
    /// 测试用证书机构 / a test CA
    #[command(subcommand)]
    Ca(command::ca::CaCommand),
    /// 测试用时间戳服务 / a small timestamp responder for tests
    Tsa(command::tsa::TsaArgs),
    /// 演示：从制章到验证的完整过程 / the whole story on real files
    Demo(command::demo::DemoArgs),
    /// 命令补全脚本 / shell completions
    Completions(command::completions::CompletionsArgs),
    /// 手册页 / man pages
    Man(command::man::ManArgs),
}
