//! Every page that each role can reach by the links of the pages: it is there, it explains itself, and there is a way back.

use crate::browser::Browser;
use crate::stage::Stage;
use crate::support::on_sqlite;
use crate::{log_in, log_in_with_code, log_out, served};
use std::collections::{BTreeSet, VecDeque};

/// Pages of one kind that are looked at: the others differ by what they show only.
const ALIKE: usize = 2;

/// The kind of a page: its path with identifiers and numbers left out.
fn kind(path: &str) -> String {
    let plain = path.split(['?', '#']).next().unwrap_or_default();
    let part = |part: &str| match part.bytes().any(|b| b.is_ascii_digit()) {
        true => "*".to_owned(),
        false => part.to_owned(),
    };
    plain.split('/').map(part).collect::<Vec<_>>().join("/")
}

/// Goes through all pages behind the links, from these on; which kinds there were.
fn walked(browser: &mut Browser, from: &[&str]) -> BTreeSet<String> {
    let (mut seen, mut waiting) = (Vec::<String>::new(), VecDeque::<(String, String)>::new());
    waiting.extend(from.iter().map(|path| ((*path).to_owned(), String::new())));
    let mut known: BTreeSet<String> = BTreeSet::new();
    while let Some((path, from)) = waiting.pop_front() {
        let kind = kind(&path);
        if !known.insert(path.clone()) || seen.iter().filter(|one| **one == kind).count() >= ALIKE {
            continue;
        }
        browser.go(&path);
        seen.push(kind);
        // What a page leads to, this person may see.
        let status = browser.run("return performance.getEntriesByType('navigation')[0].responseStatus");
        assert_eq!(status, 200, "{path}, from {from}: {}", browser.text());
        assert!(browser.has("main h1"), "{path}: {}", browser.text());
        let about = browser.run("return [...document.querySelectorAll('details.about p')].filter((p) => p.textContent.trim().length > 10).length");
        assert!(about.as_u64() > Some(0), "{path} does not explain itself:\n{}", browser.text());
        let title = browser.run("return document.title");
        assert!(title.as_str().unwrap().len() > "印信 · 电子印章".len(), "{path}: {title}");
        let links = browser.run(
            "return [...document.querySelectorAll('a[href^=\"/\"]:not([download])')].map((a) => a.getAttribute('href'))\
             .filter((h) => !/^\\/(api|language|assets|problems|v)\\/|\\.(csv|json|html)|\\/(sealed|archive|export|picture|imprint|qr)\\b|\\/difference|\\/materials\\/[^/]+$/.test(h))",
        );
        let links = links.as_array().unwrap().iter();
        waiting.extend(links.map(|link| (link.as_str().unwrap().to_owned(), path.clone())));
    }
    seen.into_iter().collect()
}

#[test]
fn browser_every_page_behind_the_links_of_each_role_is_there_and_explains_itself() {
    on_sqlite(async |server| {
        let stage = Stage::set(server).await.kept().await;
        stage.flow().await;
        stage.grant(|_| {}).await;
        crate::documents::sealed(&stage, 1).await;
        let base = served(server).await;
        let mut browser = Browser::start(&base);
        let public = walked(&mut browser, &["/", "/login/certificate"]);
        assert!(public.contains("/guide") && public.contains("/status"), "{public:?}");
        let people = [
            (&stage.agent, ["/applications/new", "/uses", "/desk/flows"]),
            (&stage.custodian, ["/seals", "/uses", "/me"]),
            (&stage.user, ["/uses/new", "/uses", "/seals"]),
            (&stage.approver, ["/uses", "/notices", "/me"]),
            (&stage.scene.reviewer, ["/desk", "/supervision", "/applications"]),
            (&stage.scene.filer, ["/desk", "/seals", "/home"]),
            (&stage.scene.operator, ["/desk", "/desk/making", "/home"]),
        ];
        for (who, from) in people {
            log_in(&mut browser, who);
            let pages = walked(&mut browser, &from);
            assert!(pages.len() > 8, "{pages:?}");
            eprintln!("{pages:?}");
            browser.go("/home");
            log_out(&mut browser);
        }
        for who in ["audit", "security", "system"] {
            log_in_with_code(&mut browser, server, &server.admin(who).await).await;
            let pages = walked(&mut browser, &["/home", "/desk"]);
            assert!(pages.len() > 5, "{who}: {pages:?}");
            eprintln!("{who}: {pages:?}");
            browser.go("/home");
            log_out(&mut browser);
        }
        browser.is_clean();
    });
}
