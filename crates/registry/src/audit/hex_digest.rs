//! Digests and byte strings as lower-case hexadecimal in JSON.

use serde::{Deserialize, Deserializer, Serializer, de::Error};

pub(super) fn serialize<T: AsRef<[u8]>, S: Serializer>(bytes: &T, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&hex::encode(bytes))
}

pub(super) fn deserialize<'de, T: TryFrom<Vec<u8>>, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<T, D::Error> {
    let text = String::deserialize(deserializer)?;
    let bytes = hex::decode(&text).map_err(D::Error::custom)?;
    T::try_from(bytes).map_err(|_| D::Error::custom("wrong number of bytes"))
}

/// The same for a list.
pub(super) mod list {
    use super::{Deserialize, Deserializer, Error, Serializer};
    use crate::audit::Digest;

    pub(in crate::audit) fn serialize<S: Serializer>(
        list: &[Digest],
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(list.iter().map(hex::encode))
    }

    pub(in crate::audit) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Vec<Digest>, D::Error> {
        let texts = Vec::<String>::deserialize(deserializer)?;
        let mut list = Vec::with_capacity(texts.len());
        for text in texts {
            let bytes = hex::decode(&text).map_err(D::Error::custom)?;
            list.push(Digest::try_from(bytes).map_err(|_| D::Error::custom("wrong number of bytes"))?);
        }
        Ok(list)
    }
}
