//! Path parameters to a typed value: by name into a struct, by position into a tuple, or the only one.

use serde::de::{DeserializeOwned, DeserializeSeed, Deserializer, SeqAccess, Visitor};

use super::params::{Pairs, Parameters, Values};
use crate::http::json::Fault;

/// Code of a fault that is the handler's, not the client's: its type does not fit its route.
pub(super) const MISFIT: &str = "BAD_LENGTH";

/// The typed value, or which parameter does not fit and why.
pub(super) fn from_route<T: DeserializeOwned>(pairs: Pairs) -> Result<T, Fault> {
    let only = match pairs.as_slice() {
        [(name, _)] => Some(name.clone()),
        _ => None,
    };
    T::deserialize(Route(pairs)).map_err(|fault| match only {
        // What the type itself finds wrong with the only parameter does not know its name.
        Some(name) if fault.pointer().is_empty() => fault.within(name),
        _ => fault,
    })
}

struct Route(Pairs);

fn misfit() -> Fault {
    Fault::new(MISFIT, "路径参数个数不符。", "The number of path parameters does not fit.")
}

/// Hands the only parameter to the same method of its value.
macro_rules! single {
    ($($method:ident($($name:ident: $kind:ty),*);)*) => {$(
        fn $method<V: Visitor<'de>>(self, $($name: $kind,)* visitor: V) -> Result<V::Value, Fault> {
            let mut pairs = self.0.into_iter();
            match (pairs.next(), pairs.next()) {
                (Some((name, values)), None) => {
                    Values(values).$method($($name,)* visitor).map_err(|fault| fault.within(name))
                }
                _ => Err(misfit()),
            }
        }
    )*};
}

impl<'de> Deserializer<'de> for Route {
    type Error = Fault;

    single! {
        deserialize_any();
        deserialize_bool();
        deserialize_i8();
        deserialize_i16();
        deserialize_i32();
        deserialize_i64();
        deserialize_u8();
        deserialize_u16();
        deserialize_u32();
        deserialize_u64();
        deserialize_f32();
        deserialize_f64();
        deserialize_char();
        deserialize_str();
        deserialize_string();
        deserialize_bytes();
        deserialize_byte_buf();
        deserialize_option();
        deserialize_identifier();
        deserialize_ignored_any();
        deserialize_enum(name: &'static str, variants: &'static [&'static str]);
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        visitor.visit_map(Parameters::new(self.0))
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Fault> {
        self.deserialize_map(visitor)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        let mut positions = Positions(self.0.into_iter());
        let value = visitor.visit_seq(&mut positions)?;
        if positions.0.len() == 0 { Ok(value) } else { Err(misfit()) }
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, _length: usize, visitor: V) -> Result<V::Value, Fault> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _length: usize,
        visitor: V,
    ) -> Result<V::Value, Fault> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Fault> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_unit<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        visitor.visit_unit()
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Fault> {
        visitor.visit_unit()
    }
}

struct Positions(std::vec::IntoIter<(String, Vec<String>)>);

impl<'de> SeqAccess<'de> for Positions {
    type Error = Fault;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Fault> {
        let Some((name, values)) = self.0.next() else { return Ok(None) };
        seed.deserialize(Values(values)).map(Some).map_err(|fault| fault.within(name))
    }
}
