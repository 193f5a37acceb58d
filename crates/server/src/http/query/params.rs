//! Query parameters to a typed value: text turns into the number, flag or list that the field asks for.

use core::str::FromStr;

use serde::de::value::StringDeserializer;
use serde::de::{
    DeserializeOwned, DeserializeSeed, Deserializer, Error as _, IntoDeserializer, MapAccess, SeqAccess,
    Visitor,
};

use crate::http::json::Fault;

/// Names with their values in order of appearance.
pub(crate) type Pairs = Vec<(String, Vec<String>)>;

/// The typed value, or which parameter does not fit and why. A parameter that no field takes is refused.
pub(crate) fn from_pairs<T: DeserializeOwned>(pairs: Pairs) -> Result<T, Fault> {
    T::deserialize(Parameters::new(pairs))
}

/// The members of a struct, by name.
pub(super) struct Parameters {
    pairs: std::vec::IntoIter<(String, Vec<String>)>,
    current: Option<(String, Vec<String>)>,
}

impl Parameters {
    pub(super) fn new(pairs: Pairs) -> Self {
        Self { pairs: pairs.into_iter(), current: None }
    }
}

impl<'de> Deserializer<'de> for Parameters {
    type Error = Fault;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        visitor.visit_map(self)
    }

    fn deserialize_unit<V: Visitor<'de>>(mut self, visitor: V) -> Result<V::Value, Fault> {
        match self.pairs.next() {
            None => visitor.visit_unit(),
            Some((name, _)) => Err(Fault::unknown_field().within(name)),
        }
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Fault> {
        self.deserialize_unit(visitor)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Fault> {
        visitor.visit_newtype_struct(self)
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 u8 u16 u32 u64 f32 f64 char str string bytes byte_buf option seq tuple
        tuple_struct map struct enum identifier ignored_any
    }
}

impl<'de> MapAccess<'de> for Parameters {
    type Error = Fault;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Fault> {
        let Some((name, values)) = self.pairs.next() else { return Ok(None) };
        let key: StringDeserializer<Fault> = name.clone().into_deserializer();
        self.current = Some((name, values));
        seed.deserialize(key).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Fault> {
        let Some((name, values)) = self.current.take() else {
            return Err(Fault::custom("value asked for before its name"));
        };
        seed.deserialize(Values(values)).map_err(|fault| fault.within(name))
    }
}

/// What came for one name.
pub(super) struct Values(pub(super) Vec<String>);

impl Values {
    fn single(self) -> Result<String, Fault> {
        let mut values = self.0.into_iter();
        match (values.next(), values.next()) {
            (Some(value), None) if value.contains('\0') => Err(Fault::nul()),
            (Some(value), None) => Ok(value),
            _ => Err(Fault::new("DUPLICATE", "参数只能出现一次。", "The parameter may appear once only.")),
        }
    }

    fn number<T: FromStr>(self, zh: &str, en: &str) -> Result<T, Fault> {
        let text = self.single()?;
        // Rust also reads "+5", "inf" and "NaN".
        let plain = text.trim_start_matches('-').starts_with(|c: char| c.is_ascii_digit());
        text.parse().ok().filter(|_| plain).ok_or_else(|| {
            Fault::new(
                "WRONG_TYPE",
                format!("应为{zh}，且在允许的范围内。"),
                format!("Expected {en} within range."),
            )
        })
    }
}

macro_rules! numbers {
    ($($method:ident $visit:ident $zh:literal $en:literal;)*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
            visitor.$visit(self.number($zh, $en)?)
        }
    )*};
}

impl<'de> Deserializer<'de> for Values {
    type Error = Fault;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        visitor.visit_string(self.single()?)
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        match self.single()?.as_str() {
            "true" => visitor.visit_bool(true),
            "false" => visitor.visit_bool(false),
            _ => Err(Fault::new("WRONG_TYPE", "应为 true 或 false。", "Expected true or false.")),
        }
    }

    numbers! {
        deserialize_i8 visit_i8 "整数" "an integer";
        deserialize_i16 visit_i16 "整数" "an integer";
        deserialize_i32 visit_i32 "整数" "an integer";
        deserialize_i64 visit_i64 "整数" "an integer";
        deserialize_u8 visit_u8 "非负整数" "a non-negative integer";
        deserialize_u16 visit_u16 "非负整数" "a non-negative integer";
        deserialize_u32 visit_u32 "非负整数" "a non-negative integer";
        deserialize_u64 visit_u64 "非负整数" "a non-negative integer";
        deserialize_f32 visit_f32 "数字" "a number";
        deserialize_f64 visit_f64 "数字" "a number";
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Fault> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        visitor.visit_seq(List(self.0.into_iter()))
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Fault> {
        let text: StringDeserializer<Fault> = self.single()?.into_deserializer();
        text.deserialize_enum(name, variants, visitor)
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, _visitor: V) -> Result<V::Value, Fault> {
        Err(Fault::new("UNKNOWN_FIELD", "接口没有定义此参数。", "The API does not define this parameter."))
    }

    serde::forward_to_deserialize_any! {
        char str string bytes byte_buf unit unit_struct tuple tuple_struct map struct identifier
    }
}

struct List(std::vec::IntoIter<String>);

impl<'de> SeqAccess<'de> for List {
    type Error = Fault;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Fault> {
        self.0.next().map(|value| seed.deserialize(Values(vec![value]))).transpose()
    }
}
