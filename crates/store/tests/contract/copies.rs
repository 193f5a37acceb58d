//! Codes on paper, and copies of sealed documents.

use crate::bench::Bench;
use crate::custody::{entry, grant, item, person, request, seal};
use crate::sample::{later, now, rng};
use yinxin_registry::ids::{CopyId, TokenId};
use yinxin_registry::lifecycle::By;
use yinxin_registry::usage::code;
use yinxin_registry::usage::copy::{CopyFacts, CopyForm, CopyState, RegisteredCopy};
use yinxin_registry::usage::document::{ItemEvent, Sealed, UseItem};
use yinxin_registry::usage::record::UseResult;
use yinxin_registry::usage::request::UseRequest;
use yinxin_store::{Constraint, ListFilter, StoreError};

/// A document after it was sealed.
fn sealed(item: UseItem, code: &str) -> UseItem {
    let token = TokenId::new(now(), &mut rng());
    let outcome = Sealed {
        digest: format!("{:064x}", item.place() + 1000),
        size: 2000,
        at: later(1),
        verification_code: code.to_owned(),
    };
    let begun = item.apply(ItemEvent::Begin { token: token.clone(), at: now() }).unwrap();
    begun.apply(ItemEvent::Sign { token, sealed: outcome }).unwrap()
}

/// A request with so many documents, none of them sealed yet.
async fn documents(bench: &Bench, count: u32) -> (UseRequest, Vec<UseItem>, By) {
    let seal = seal(bench).await;
    let (_, by) = person("示例用印人");
    let grant = grant(&seal, &by);
    let request = request(&seal, &grant, &by);
    let items: Vec<UseItem> = (0..count).map(|place| item(&request, place)).collect();
    let mut tx = bench.store.begin().await.unwrap();
    tx.insert(&grant).await.unwrap();
    tx.insert(&request).await.unwrap();
    for item in &items {
        tx.insert(item).await.unwrap();
    }
    tx.commit().await.unwrap();
    (request, items, by)
}

fn copy(request: &UseRequest, item: &UseItem, code: &str, second: i64, by: &By) -> RegisteredCopy {
    let form = CopyForm::Conversion { format: "PDF".to_owned() };
    let facts = CopyFacts { form, number: 2, purpose: "对方单位存档".to_owned() };
    let id = CopyId::new(later(second), &mut rng());
    RegisteredCopy::register(id, code.to_owned(), (request, item), facts, by, later(second)).unwrap()
}

async fn found(bench: &Bench, code: &str) -> Option<String> {
    let mut read = bench.store.read().await.unwrap();
    read.use_item_by_code(code).await.unwrap().map(|found| found.value.id().to_string())
}

pub async fn a_code_leads_to_its_document_and_to_no_other(bench: &Bench) {
    let (_, items, _) = documents(bench, 3).await;
    let codes: Vec<String> = items.iter().map(|_| code::new(&mut rng())).collect();
    let mut tx = bench.store.begin().await.unwrap();
    for (item, code) in items.iter().zip(&codes).take(2) {
        tx.save(&sealed(item.clone(), code), 1).await.unwrap();
    }
    tx.commit().await.unwrap();
    for (item, code) in items.iter().zip(&codes).take(2) {
        assert_eq!(found(bench, code).await.as_deref(), Some(item.id().as_str()));
    }
    for none in ["", codes[2].as_str(), &codes[0].to_lowercase()] {
        assert_eq!(found(bench, none).await, None, "{none}");
    }
    // A code put in by hand leads to a row whose MAC does not hold.
    let text = format!("UPDATE use_item SET body = replace(body, '{}', '{}')", codes[1], codes[2]);
    bench.sql(&text).await.unwrap();
    assert_eq!(found(bench, &codes[1]).await, None);
    let refused = bench.store.read().await.unwrap().use_item_by_code(&codes[2]).await.unwrap_err();
    assert!(matches!(refused, StoreError::Integrity { table: "use_item", .. }), "{refused}");
}

pub async fn a_document_sealed_before_there_were_copies_is_found_by_its_code(bench: &Bench) {
    let (_, items, _) = documents(bench, 2).await;
    // The database of that time, then the migration.
    for text in [
        "DROP TABLE document_copy",
        "DROP INDEX use_item_code",
        "DELETE FROM _sqlx_migrations WHERE version = 18",
    ] {
        bench.sql(text).await.unwrap();
    }
    let code = code::new(&mut rng());
    let mut tx = bench.store.begin().await.unwrap();
    tx.save(&sealed(items[0].clone(), &code), 1).await.unwrap();
    tx.commit().await.unwrap();
    bench.store.migrate().await.unwrap();
    assert_eq!(found(bench, &code).await.as_deref(), Some(items[0].id().as_str()));
}

pub async fn copies_are_listed_from_the_newest_and_found_by_their_codes(bench: &Bench) {
    let (request, items, by) = documents(bench, 2).await;
    let [one, other] = [0, 1].map(|place| sealed(items[place].clone(), &code::new(&mut rng())));
    let copies: Vec<RegisteredCopy> =
        (0..5).map(|n| copy(&request, &one, &code::new(&mut rng()), n, &by)).collect();
    let stray = copy(&request, &other, &code::new(&mut rng()), 9, &by);
    let mut tx = bench.store.begin().await.unwrap();
    for item in [&one, &other] {
        tx.save(item, 1).await.unwrap();
    }
    for copy in copies.iter().chain([&stray]) {
        tx.insert(copy).await.unwrap();
    }
    tx.commit().await.unwrap();

    let mut read = bench.store.read().await.unwrap();
    let (mut listed, mut cursor) = (Vec::new(), None);
    loop {
        let filter = ListFilter { limit: 2, cursor: cursor.as_deref(), ..ListFilter::default() };
        let page = read.copies_of(one.id().as_str(), &filter).await.unwrap();
        listed.extend(page.items.into_iter().map(|found| found.value));
        match page.next {
            Some(next) => cursor = Some(next),
            None => break,
        }
    }
    let newest_first: Vec<RegisteredCopy> = copies.iter().rev().cloned().collect();
    assert_eq!(listed, newest_first);
    let found = read.copy_by_code(stray.code()).await.unwrap().unwrap();
    assert_eq!((found.value, found.version), (stray, 1));
    assert!(read.copy_by_code("").await.unwrap().is_none());
    drop(read);
    let mut tx = bench.store.begin().await.unwrap();
    let same = copy(&request, &other, copies[0].code(), 10, &by);
    let refused = tx.insert(&same).await.unwrap_err();
    assert!(matches!(refused, StoreError::Conflict { constraint: Constraint::CopyCode }), "{refused}");
}

pub async fn a_copy_stays_what_it_is_and_is_withdrawn_once(bench: &Bench) {
    let (request, items, by) = documents(bench, 1).await;
    let item = sealed(items[0].clone(), &code::new(&mut rng()));
    let [kept, gone] = [1, 2].map(|n| copy(&request, &item, &code::new(&mut rng()), n, &by));
    let mut tx = bench.store.begin().await.unwrap();
    tx.save(&item, 1).await.unwrap();
    for copy in [&kept, &gone] {
        tx.insert(copy).await.unwrap();
    }
    let withdrawn = gone.withdraw("用途已变", &by, later(3)).unwrap();
    assert_eq!(tx.save(&withdrawn, 1).await.unwrap(), 2);
    tx.commit().await.unwrap();
    let mut read = bench.store.read().await.unwrap();
    let found = read.get::<RegisteredCopy>(withdrawn.id().as_str()).await.unwrap();
    assert_eq!((found.value.state(), &found.value), (CopyState::Withdrawn, &withdrawn));
    drop(read);
    for change in ["state = 'valid'", "version = version + 1", "code = 'X'", "item_id = 'item_x'"] {
        let text = format!("UPDATE document_copy SET {change} WHERE id = '{}'", withdrawn.id());
        let refused = bench.sql(&text).await.unwrap_err();
        assert!(refused.contains("document_copy_is_final"), "{change}: {refused}");
    }
    let refused = bench.sql("UPDATE document_copy SET code = 'X' WHERE state = 'valid'").await.unwrap_err();
    assert!(refused.contains("document_copy_is_final"), "{refused}");
    let refused = bench.sql("UPDATE document_copy SET state = 'elsewhere'").await.unwrap_err();
    assert!(
        refused.contains("document_copy_state") || refused.contains("document_copy_is_final"),
        "{refused}"
    );
    let refused = bench.sql("DELETE FROM document_copy").await.unwrap_err();
    assert!(refused.contains("document_copy_stays"), "{refused}");
    let renewed =
        bench.store.begin().await.unwrap().renew_rows("document_copy", "", 100, None).await.unwrap();
    assert_eq!((renewed.rows, renewed.broken), (2, Vec::new()));
    // A copy made many by hand is none.
    bench.sql("UPDATE document_copy SET body = replace(body, '\"number\":2', '\"number\":9')").await.unwrap();
    let refused = bench.store.read().await.unwrap().copy_by_code(kept.code()).await.unwrap_err();
    assert!(matches!(refused, StoreError::Integrity { table: "document_copy", .. }), "{refused}");
}

pub async fn how_a_document_was_sealed_is_found_by_document_and_by_digest(bench: &Bench) {
    let seal = seal(bench).await;
    let (_, by) = person("示例用印人");
    let grant = grant(&seal, &by);
    let request = request(&seal, &grant, &by);
    let item = item(&request, 0);
    let made = |result: UseResult| {
        let mut entry = entry(&seal, &by, &by, now(), result);
        (entry.request, entry.item) = (Some(request.id().clone()), Some(item.id().clone()));
        entry
    };
    let sealed = made(UseResult::Sealed { digest: "cd".repeat(32) });
    let mut tx = bench.store.begin().await.unwrap();
    tx.insert(&grant).await.unwrap();
    tx.insert(&request).await.unwrap();
    tx.insert(&item).await.unwrap();
    tx.insert(&made(UseResult::Failed { code: "KEY_FAILED".to_owned() })).await.unwrap();
    tx.insert(&sealed).await.unwrap();
    tx.commit().await.unwrap();
    let mut read = bench.store.read().await.unwrap();
    assert_eq!(read.sealing_of(item.id().as_str()).await.unwrap().unwrap().value, sealed);
    assert_eq!(read.sealing_with(&"cd".repeat(32)).await.unwrap().unwrap().value, sealed);
    // The digest before is another question.
    assert!(read.sealing_with(&"ab".repeat(32)).await.unwrap().is_none());
    assert!(read.sealing_of("item_01k0000000000000000000000a").await.unwrap().is_none());
}
