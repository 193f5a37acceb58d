//! The area a registry is run for, and those above it, by the digits of its code.

use yinxin_registry::area::{Area, AreaCode, AreaLevel, AreaPath, NATION};

/// Codes from below the root to `code`: province, city, district.
fn codes(code: &str) -> Vec<String> {
    let digit = |range: std::ops::Range<usize>| code.get(range).unwrap_or_default().to_owned();
    let mut all = Vec::new();
    if code == NATION || code.len() < 6 {
        return all;
    }
    let province = format!("{}0000", digit(0..2));
    let city = format!("{}00", digit(0..4));
    for ancestor in [province, city] {
        if !all.contains(&ancestor) && ancestor != code {
            all.push(ancestor);
        }
    }
    all.push(code.to_owned());
    all
}

/// The path of an area by its code.
pub(super) fn path(code: &str) -> AreaPath {
    codes(code)
        .iter()
        .filter_map(|c| AreaCode::parse(c).ok())
        .fold(AreaPath::nation(), |path, c| path.child(&c))
}

/// The areas from the root to the one the registry is run for.
pub(super) fn chain(code: &str, name: &str, profile: &str) -> Vec<Area> {
    let mut areas = vec![Area::nation()];
    for (depth, each) in codes(code).iter().enumerate() {
        let Ok(parsed) = AreaCode::parse(each) else { continue };
        let level = match depth {
            0 => AreaLevel::Province,
            1 => AreaLevel::City,
            _ => AreaLevel::County,
        };
        let own = each == code;
        let title = if own { name.to_owned() } else { format!("上级区划 {each}") };
        let Some(parent) = areas.last() else { continue };
        let authority = format!("{title}电子印章主管部门");
        if let Ok(mut area) = Area::under(parent, parsed, &title, level, &authority) {
            area.profile = Some(if own { profile.to_owned() } else { "national".to_owned() });
            areas.push(area);
        }
    }
    areas
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_district_stands_under_its_city_and_province() {
        assert_eq!(path("610113").as_str(), "/100000/610000/610100/610113/");
        assert_eq!(path("610100").as_str(), "/100000/610000/610100/");
        assert_eq!(path("610000").as_str(), "/100000/610000/");
        assert_eq!(path(NATION), AreaPath::nation());
        let chain = chain("610100", "示例市", "xian");
        assert_eq!(chain.len(), 3);
        assert_eq!((chain[2].name.as_str(), chain[2].profile.as_deref()), ("示例市", Some("xian")));
        assert_eq!(chain[2].path, path("610100"));
    }
}
