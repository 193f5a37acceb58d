//! The tree of authorities by area (行政区划): nation, province, city, district or county or development zone.

use crate::ids::DesignationId;
use jiff::Timestamp;
use serde::{Deserialize, Deserializer, Serialize};

/// Code of the root, as GB/T 2260 lists write it for the whole country.
pub const NATION: &str = "100000";

/// Code of an area: six digits (GB/T 2260), for zones and parts up to twelve.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct AreaCode(String);

impl AreaCode {
    /// Reads a code.
    ///
    /// # Errors
    /// [`AreaFault::Code`] unless it has 6 to 12 digits and nothing else.
    pub fn parse(text: &str) -> Result<Self, AreaFault> {
        if (6..=12).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit()) {
            Ok(Self(text.to_owned()))
        } else {
            Err(AreaFault::Code)
        }
    }

    /// The digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Display for AreaCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for AreaCode {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::parse(&String::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}

/// Place of an area in the tree: the codes from the root down, `/100000/610000/610100/`. One area is within another exactly when
/// its path begins with the other's.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct AreaPath(String);

impl AreaPath {
    /// The whole country.
    pub fn nation() -> Self {
        Self(format!("/{NATION}/"))
    }

    /// Reads a path.
    ///
    /// # Errors
    /// [`AreaFault::Path`] unless it is codes between slashes, at most eight of them.
    pub fn parse(text: &str) -> Result<Self, AreaFault> {
        let inner = text.strip_prefix('/').and_then(|t| t.strip_suffix('/')).ok_or(AreaFault::Path)?;
        let mut levels = 0;
        for code in inner.split('/') {
            AreaCode::parse(code).map_err(|_| AreaFault::Path)?;
            levels += 1;
        }
        if levels > 8 { Err(AreaFault::Path) } else { Ok(Self(text.to_owned())) }
    }

    /// The path of a child.
    #[must_use]
    pub fn child(&self, code: &AreaCode) -> Self {
        Self(format!("{}{}/", self.0, code))
    }

    /// The path of the area above; the root has none.
    pub fn parent(&self) -> Option<Self> {
        let above = self.0.strip_suffix(&format!("{}/", self.code()))?;
        if above == "/" { None } else { Some(Self(above.to_owned())) }
    }

    /// The last code of the path.
    pub fn code(&self) -> &str {
        self.0.trim_end_matches('/').rsplit('/').next().unwrap_or_default()
    }

    /// Whether `other` is this area or lies in it.
    pub fn covers(&self, other: &AreaPath) -> bool {
        other.0.starts_with(&self.0)
    }

    /// The first text behind every path within this area: with [`AreaPath::as_str`] the half-open range of a query.
    pub fn end(&self) -> String {
        // '0' is the character after '/' in ASCII.
        format!("{}0", self.0.trim_end_matches('/'))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Display for AreaPath {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for AreaPath {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::parse(&String::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}

/// Level of an area.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AreaLevel {
    /// 国家
    Nation,
    /// 省、自治区、直辖市
    Province,
    /// 市
    City,
    /// 区、县
    County,
    /// 开发区: ranks as a county
    Zone,
}

impl AreaLevel {
    /// Whether an area of this level may stand right under one of `parent`. Municipalities have districts without a city between.
    pub fn may_stand_under(self, parent: AreaLevel) -> bool {
        use AreaLevel::{City, County, Nation, Province, Zone};
        matches!(
            (parent, self),
            (Nation, Province) | (Province, City | County | Zone) | (City, County | Zone)
        )
    }
}

/// An area and the authority in charge of its seals.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Area {
    /// Its code, the key.
    pub code: AreaCode,
    /// Name: 示例市.
    pub name: String,
    /// Level.
    pub level: AreaLevel,
    /// Place in the tree.
    pub path: AreaPath,
    /// Identifier of the profile of practice in force here; absent: the parent's.
    pub profile: Option<String>,
    /// Department designated to issue seals (制发部门), when one is.
    pub designation: Option<DesignationId>,
    /// Authority name printed on certificates: 示例市政务服务局.
    pub authority: String,
}

impl Area {
    /// An area under `parent`.
    ///
    /// # Errors
    /// [`AreaFault::Level`] when the levels do not fit, [`AreaFault::Name`] for an empty or overlong name.
    pub fn under(
        parent: &Area,
        code: AreaCode,
        name: &str,
        level: AreaLevel,
        authority: &str,
    ) -> Result<Self, AreaFault> {
        if !level.may_stand_under(parent.level) {
            return Err(AreaFault::Level { parent: parent.level, child: level });
        }
        let path = parent.path.child(&code);
        Self::new(code, name, level, path, authority)
    }

    /// The root of the tree.
    pub fn nation() -> Self {
        Self {
            code: AreaCode(NATION.to_owned()),
            name: "全国".to_owned(),
            level: AreaLevel::Nation,
            path: AreaPath::nation(),
            profile: Some("national".to_owned()),
            designation: None,
            authority: "国家电子印章主管部门".to_owned(),
        }
    }

    fn new(
        code: AreaCode,
        name: &str,
        level: AreaLevel,
        path: AreaPath,
        authority: &str,
    ) -> Result<Self, AreaFault> {
        for text in [name, authority] {
            if text.trim().is_empty() || text.chars().count() > 100 {
                return Err(AreaFault::Name);
            }
        }
        Ok(Self {
            code,
            name: name.to_owned(),
            level,
            path,
            profile: None,
            designation: None,
            authority: authority.to_owned(),
        })
    }
}

/// What is wrong with an area.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AreaFault {
    /// No code.
    #[error("区划代码应为 6 至 12 位数字 (an area code has 6 to 12 digits)")]
    Code,
    /// No path.
    #[error("区划路径应为以斜杠分隔的区划代码 (an area path is codes between slashes)")]
    Path,
    /// Empty or longer than 100 characters.
    #[error("名称应为 1 至 100 个字 (a name has 1 to 100 characters)")]
    Name,
    /// A city under a county, for example.
    #[error("{child:?} 不能直接隶属于 {parent:?} ({child:?} cannot stand under {parent:?})")]
    Level {
        /// Level of the parent.
        parent: AreaLevel,
        /// Level asked for.
        child: AreaLevel,
    },
}

/// Where a designation stands (指定备案).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DesignationState {
    /// Made by the area, not yet filed above.
    Made,
    /// Filed with the superior area.
    Filed,
    /// Ended.
    Ended,
}

/// A district names its department for seals and files that with its city (Xi'an measures, article 7).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Designation {
    /// Key.
    pub id: DesignationId,
    /// The area that designates.
    pub area: AreaCode,
    /// Its place.
    pub area_path: AreaPath,
    /// The department named.
    pub department: String,
    /// Person who answers for it.
    pub responsible: String,
    /// Number of the document that names it.
    pub document: String,
    /// From when.
    pub from: Timestamp,
    /// Until when, once ended.
    pub until: Option<Timestamp>,
    /// Receipt number of the superior area, once filed.
    pub receipt: Option<String>,
    /// Where it stands.
    pub state: DesignationState,
}

impl Designation {
    /// The superior area files it.
    ///
    /// # Errors
    /// One that is not [`DesignationState::Made`] is refused with its state.
    pub fn file(mut self, receipt: &str) -> Result<Self, DesignationState> {
        if self.state != DesignationState::Made {
            return Err(self.state);
        }
        self.state = DesignationState::Filed;
        self.receipt = Some(receipt.to_owned());
        Ok(self)
    }

    /// Ends it.
    ///
    /// # Errors
    /// One that has ended already is refused with its state.
    pub fn end(mut self, now: Timestamp) -> Result<Self, DesignationState> {
        if self.state == DesignationState::Ended {
            return Err(self.state);
        }
        self.state = DesignationState::Ended;
        self.until = Some(now);
        Ok(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_covers_what_lies_in_it_and_no_neighbor_with_the_same_digits() {
        let city = AreaPath::parse("/100000/610000/610100/").unwrap();
        let inside = AreaPath::parse("/100000/610000/610100/610113/").unwrap();
        let neighbor = AreaPath::parse("/100000/610000/6101001/").unwrap();
        assert!(city.covers(&inside) && city.covers(&city));
        assert!(!city.covers(&neighbor) && !inside.covers(&city));
        for (path, within) in [(&inside, true), (&city, true), (&neighbor, false)] {
            assert_eq!(
                path.as_str() >= city.as_str() && path.as_str() < city.end().as_str(),
                within,
                "{path}"
            );
        }
        assert_eq!(inside.code(), "610113");
        assert_eq!((inside.parent(), AreaPath::nation().parent()), (Some(city), None));
    }

    #[test]
    fn levels_stand_in_their_order() {
        let nation = Area::nation();
        let province = Area::under(
            &nation,
            AreaCode::parse("610000").unwrap(),
            "示例省",
            AreaLevel::Province,
            "示例省政务局",
        )
        .unwrap();
        assert!(
            Area::under(&nation, AreaCode::parse("610100").unwrap(), "示例市", AreaLevel::City, "局")
                .is_err()
        );
        let city =
            Area::under(&province, AreaCode::parse("610100").unwrap(), "示例市", AreaLevel::City, "局")
                .unwrap();
        assert!(nation.path.covers(&city.path));
        assert!(AreaCode::parse("61010").is_err() && AreaCode::parse("61010a").is_err());
        assert!(AreaPath::parse("/100000//").is_err() && AreaPath::parse("100000").is_err());
    }
}
