//! Bytes to a tree of JSON values within limits. Stricter than most readers: a name twice in one object is refused,
//! because two programs that read such a text may see two different requests.

use core::cell::Cell;
use core::fmt;

use serde::de::{DeserializeSeed, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

use crate::http::problem::{Code, Problem};

/// How deep arrays and objects may nest.
pub const MAX_DEPTH: u16 = 32;
/// How many values, members and elements a body may hold.
pub const MAX_VALUES: u32 = 100_000;

/// What the limits refused, kept beside serde's error, which holds text only.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Refused {
    TwiceNamed,
    TooDeep,
    TooMany,
}

/// Reads a whole text.
pub(crate) fn read(bytes: &[u8]) -> Result<Value, Problem> {
    let state = State { refused: Cell::new(None), left: Cell::new(MAX_VALUES) };
    let mut deserializer = serde_json::Deserializer::from_slice(bytes);
    Tree { depth: MAX_DEPTH, state: &state }
        .deserialize(&mut deserializer)
        .and_then(|value| deserializer.end().map(|()| value))
        .map_err(|error| problem(&error, state.refused.get()))
}

fn problem(error: &serde_json::Error, refused: Option<Refused>) -> Problem {
    let (line, column) = (error.line(), error.column());
    let (zh, en) = match refused {
        Some(Refused::TwiceNamed) => ("对象中成员名重复".to_owned(), "a member is named twice".to_owned()),
        Some(Refused::TooDeep) => {
            (format!("嵌套超过 {MAX_DEPTH} 层"), format!("nested deeper than {MAX_DEPTH} levels"))
        }
        Some(Refused::TooMany) => {
            (format!("超过 {MAX_VALUES} 个值"), format!("more than {MAX_VALUES} values"))
        }
        None => {
            let text = error.to_string();
            let bare = text.split(" at line ").next().unwrap_or_default().to_owned();
            let zh = if error.is_eof() { "内容不完整" } else { "语法错误" };
            (format!("{zh}（{bare}）"), bare)
        }
    };
    Problem::new(Code::InvalidJson)
        .detail(format!("第 {line} 行第 {column} 列：{zh}。"), format!("Line {line}, column {column}: {en}."))
}

struct State {
    refused: Cell<Option<Refused>>,
    left: Cell<u32>,
}

#[derive(Clone, Copy)]
struct Tree<'s> {
    depth: u16,
    state: &'s State,
}

impl Tree<'_> {
    fn refuse<T, E: serde::de::Error>(self, why: Refused) -> Result<T, E> {
        self.state.refused.set(Some(why));
        Err(E::custom("refused"))
    }

    fn inner<E: serde::de::Error>(self) -> Result<Self, E> {
        match self.depth.checked_sub(1) {
            Some(depth) => Ok(Self { depth, ..self }),
            None => self.refuse(Refused::TooDeep),
        }
    }

    fn count<E: serde::de::Error>(self) -> Result<(), E> {
        match self.state.left.get().checked_sub(1) {
            Some(left) => {
                self.state.left.set(left);
                Ok(())
            }
            None => self.refuse(Refused::TooMany),
        }
    }
}

impl<'de> DeserializeSeed<'de> for Tree<'_> {
    type Value = Value;

    fn deserialize<D: serde::Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        self.count()?;
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Tree<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(Value::from(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(Value::from(value))
    }

    fn visit_f64<E: serde::de::Error>(self, value: f64) -> Result<Value, E> {
        serde_json::Number::from_f64(value).map(Value::Number).ok_or_else(|| E::custom("number out of range"))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::String(value.to_owned()))
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(Value::String(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Value, A::Error> {
        let inner = self.inner()?;
        let mut elements = Vec::new();
        while let Some(element) = access.next_element_seed(inner)? {
            elements.push(element);
        }
        Ok(Value::Array(elements))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Value, A::Error> {
        let inner = self.inner()?;
        let mut members = Map::new();
        while let Some(name) = access.next_key::<String>()? {
            if members.contains_key(&name) {
                return self.refuse(Refused::TwiceNamed);
            }
            let value = access.next_value_seed(inner)?;
            members.insert(name, value);
        }
        Ok(Value::Object(members))
    }
}
