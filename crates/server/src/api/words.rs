//! Messages of libraries hold both languages in one text; answers keep them apart.

/// The Chinese and the English part of `中文 / English` or `中文 (English)`. A text in one language is given for both.
pub fn both(text: &str) -> (String, String) {
    if let Some((zh, en)) = text.split_once(" / ") {
        return (zh.to_owned(), en.to_owned());
    }
    match text.strip_suffix(')').and_then(|t| t.rsplit_once(" (")) {
        Some((zh, en)) => (zh.to_owned(), en.to_owned()),
        None => (text.to_owned(), text.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::both;

    #[test]
    fn takes_both_forms_apart_and_leaves_others_whole() {
        assert_eq!(both("名称过长 / too long"), ("名称过长".to_owned(), "too long".to_owned()));
        assert_eq!(both("名称过长 (too long)"), ("名称过长".to_owned(), "too long".to_owned()));
        assert_eq!(both("too long"), ("too long".to_owned(), "too long".to_owned()));
    }
}
