//! What every page shares: who looks, in which language, under which policy, and what is said when something goes wrong.

mod asset;
mod beyond;
mod fault;
mod form;
mod guard;
mod key;
mod lang;
mod page;
mod time;
mod visit;

pub use asset::{asset, asset_path};
pub use beyond::beyond;
pub use fault::Fault;
pub use form::{Field, Form, Sent, put};
pub use guard::around;
pub use key::{Key, is_code, once};
pub use lang::Lang;
pub use page::{Frame, Nav, Page, html, see};
pub use time::{Due, Moment, day_of, moment_of, told};
pub use visit::{Person, Restricted, Visit};
