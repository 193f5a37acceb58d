//! The language of a page: the visitor's choice in a cookie, otherwise what the browser prefers, otherwise Chinese.

use axum::http::{HeaderMap, header};

/// Name of the cookie that keeps the choice.
pub const COOKIE: &str = "yinxin-lang";

/// A language.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Lang {
    /// Simplified Chinese.
    #[default]
    Zh,
    /// English.
    En,
}

impl Lang {
    /// Of the headers of a request.
    pub fn of(headers: &HeaderMap) -> Self {
        let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
        let chosen = cookies.flat_map(|cookies| cookies.split(';')).find_map(|pair| {
            let (name, value) = pair.trim().split_once('=')?;
            if name == COOKIE { Self::named(value) } else { None }
        });
        let listed = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
        let preferred = || listed.unwrap_or_default().split(',').find_map(|word| Self::named(word.trim()));
        chosen.or_else(preferred).unwrap_or_default()
    }

    /// Of a tag such as `zh-CN` or `en;q=0.8`.
    pub fn named(tag: &str) -> Option<Self> {
        match tag.get(..2)?.to_ascii_lowercase().as_str() {
            "zh" => Some(Self::Zh),
            "en" => Some(Self::En),
            _ => None,
        }
    }

    /// One of two texts.
    pub fn pick<'a>(self, zh: &'a str, en: &'a str) -> &'a str {
        match self {
            Self::Zh => zh,
            Self::En => en,
        }
    }

    /// As the attribute `lang` has it.
    pub fn tag(self) -> &'static str {
        match self {
            Self::Zh => "zh-CN",
            Self::En => "en",
        }
    }

    /// As the API's parameter has it.
    pub fn code(self) -> &'static str {
        match self {
            Self::Zh => "zh",
            Self::En => "en",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(cookie: &str, accepted: &str) -> Lang {
        let mut headers = HeaderMap::new();
        headers.insert(header::COOKIE, cookie.parse().unwrap());
        headers.insert(header::ACCEPT_LANGUAGE, accepted.parse().unwrap());
        Lang::of(&headers)
    }

    #[test]
    fn the_choice_comes_before_the_browser_and_chinese_is_the_last_resort() {
        assert_eq!(of("a=b; yinxin-lang=en", "zh-CN,zh"), Lang::En);
        assert_eq!(of("a=b", "en-GB,zh;q=0.3"), Lang::En);
        assert_eq!(of("yinxin-lang=fr", "de, ja"), Lang::Zh);
        assert_eq!(Lang::of(&HeaderMap::new()), Lang::Zh);
    }
}
