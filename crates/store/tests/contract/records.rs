//! Records: back as they were, versions, MACs, look-ups.

use crate::bench::Bench;
use crate::sample::{
    Ground, ISSUER, account, active, application_on, areas, change_of, later, made_with, now, rng, submitted,
    unit,
};
use jiff::Timestamp;
use yinxin_registry::account::Account;
use yinxin_registry::area::{Area, Designation, DesignationState};
use yinxin_registry::block::BlockedAgent;
use yinxin_registry::ids::{BlockId, ChangeId, DesignationId};
use yinxin_registry::lifecycle::By;
use yinxin_registry::lifecycle::application::{Application, Basis};
use yinxin_registry::lifecycle::change::{ChangeCase, ChangeEvent};
use yinxin_registry::lifecycle::seal::Seal;
use yinxin_registry::maker::Maker;
use yinxin_registry::profile::{ProfileVersion, SealKind};
use yinxin_registry::unit::Unit;
use yinxin_store::{ListFilter, RowKeys, StoreError, TABLES};

fn profile(version: u32, from: Timestamp) -> ProfileVersion {
    ProfileVersion {
        id: format!("xian@{version}"),
        profile: "xian".to_owned(),
        version,
        text: format!("version = {version}"),
        from,
        by: "system".to_owned(),
    }
}

pub async fn record_comes_back_as_it_was(bench: &Bench) {
    let ground = Ground::lay(&bench.store).await;
    let areas = areas();
    let designation = Designation {
        id: DesignationId::new(now(), &mut rng()),
        area: areas[3].code.clone(),
        area_path: areas[3].path.clone(),
        department: "示例区政务服务局".to_owned(),
        responsible: "示例人员".to_owned(),
        document: "示例政发〔2026〕1号".to_owned(),
        from: now(),
        until: None,
        receipt: None,
        state: DesignationState::Made,
    };
    let block = BlockedAgent {
        id: BlockId::new(now(), &mut rng()),
        area_path: areas[2].path.clone(),
        index: "ab".repeat(32),
        cipher: None,
        person: "示** 990101********0018".to_owned(),
        reason: "材料虚假".to_owned(),
        document: "示例决〔2026〕3号".to_owned(),
        from: now(),
        until: None,
        by: By::system(),
        lifted_at: None,
    };
    let account = account("reviewer");
    let mut tx = bench.store.begin().await.unwrap();
    for area in &areas {
        tx.insert(area).await.unwrap();
    }
    tx.insert(&designation).await.unwrap();
    tx.insert(&block).await.unwrap();
    tx.insert(&account).await.unwrap();
    for (version, from) in [(1, now()), (2, later(10)), (3, later(20))] {
        tx.insert(&profile(version, from)).await.unwrap();
    }
    let open = submitted(application_on(&ground.unit, SealKind::BusinessContract, Basis::New));
    tx.insert(&open).await.unwrap();
    let seal = active(ground.begun(&mut tx, SealKind::LegalName).await);
    tx.insert(&seal).await.unwrap();
    tx.commit().await.unwrap();

    let mut read = bench.store.read().await.unwrap();
    assert_eq!(read.get::<Area>("990100").await.unwrap().value, areas[2]);
    assert_eq!(read.get::<Designation>(designation.id.as_str()).await.unwrap().value, designation);
    assert_eq!(read.get::<Unit>(ground.unit.id.as_str()).await.unwrap().value, ground.unit);
    assert_eq!(read.get::<Maker>(ground.maker.id.as_str()).await.unwrap().value, ground.maker);
    assert_eq!(read.get::<Account>(account.id.as_str()).await.unwrap().value, account);
    assert_eq!(read.get::<Application>(open.id().as_str()).await.unwrap().value, open);
    let kept = read.get::<Seal>(seal.id().as_str()).await.unwrap();
    assert_eq!((kept.value, kept.version), (seal.clone(), 1));
    assert_eq!(read.blocks_of(std::slice::from_ref(&block.index)).await.unwrap()[0].value, block);
    let code = ground.unit.credit_code.as_ref().unwrap().as_str();
    assert_eq!(read.unit_by_credit_code(code).await.unwrap().unwrap().value, ground.unit);
    let code = ground.maker.credit_code.as_str();
    assert_eq!(read.maker_by_credit_code(code).await.unwrap().unwrap().value, ground.maker);
    assert_eq!(read.application_by_number(open.number().unwrap()).await.unwrap().unwrap().value, open);
    assert_eq!(read.legal_name_seals(ground.unit.id.as_str()).await.unwrap()[0].value, seal);
    assert_eq!(read.profile_in_force("xian", later(15)).await.unwrap().unwrap().value, profile(2, later(10)));
    assert!(read.profile_in_force("xian", later(-1)).await.unwrap().is_none());
    assert_eq!(read.profile_versions("xian").await.unwrap().len(), 3);
    assert_eq!(read.newest_profiles().await.unwrap()[0].value, profile(3, later(20)));
    assert!(read.load::<Seal>("seal_none").await.unwrap().is_none());
    assert!(matches!(read.get::<Seal>("seal_none").await, Err(StoreError::NotFound { table: "seal", .. })));
}

pub async fn stale_version_is_refused(bench: &Bench) {
    let mut unit = unit();
    let mut tx = bench.store.begin().await.unwrap();
    assert_eq!(tx.insert(&unit).await.unwrap(), 1);
    unit.technical_measures = "双人保管".to_owned();
    assert_eq!(tx.save(&unit, 1).await.unwrap(), 2);
    assert_eq!(tx.save(&unit, 2).await.unwrap(), 3);
    for version in [1, 2, 4] {
        let refused = tx.save(&unit, version).await.unwrap_err();
        assert!(matches!(refused, StoreError::Stale { table: "unit", .. }), "{refused}");
    }
    assert!(matches!(tx.save(&crate::sample::unit(), 1).await, Err(StoreError::Stale { .. })));
    tx.commit().await.unwrap();
    let kept = bench.store.read().await.unwrap().get::<Unit>(unit.id.as_str()).await.unwrap();
    assert_eq!((kept.version, kept.value), (3, unit));
}

pub async fn row_changed_by_sql_is_refused_in_every_column(bench: &Bench) {
    let ground = Ground::lay(&bench.store).await;
    let mut tx = bench.store.begin().await.unwrap();
    let seal = active(ground.begun(&mut tx, SealKind::BusinessContract).await);
    tx.insert(&seal).await.unwrap();
    tx.commit().await.unwrap();
    let id = seal.id().as_str();
    for change in [
        "version = 2",
        "body = replace(body, '\"active\"', '\"active\" ')",
        "body = replace(body, '示例', '示例二')",
        "number = 99999",
        "number = NULL",
        "name = '别的章'",
        "kind = 'business_finance'",
        "state = 'suspended'",
        "area_path = '/100000/'",
        "made_by = 'acct_other'",
        "filed_at = 1",
        "certificate_issuer = 'CN=Other'",
        "certificate_serial = '1'",
        "key_digest = '1'",
        "valid_until = 1",
        "created_at = created_at + 1",
    ] {
        // The change is undone by a second copy of the row's columns kept aside.
        let before = bench.query(&format!("SELECT body FROM seal WHERE id = '{id}'")).await;
        bench.sql("CREATE TABLE aside AS SELECT * FROM seal").await.unwrap();
        bench.sql(&format!("UPDATE seal SET {change} WHERE id = '{id}'")).await.unwrap();
        let refused = bench.store.read().await.unwrap().load::<Seal>(id).await.expect_err(change);
        assert!(matches!(refused, StoreError::Integrity { table: "seal", .. }), "{change}: {refused}");
        let names = "version, body, number, name, kind, state, area_path, made_by, filed_at, certificate_issuer, certificate_serial, key_digest, valid_until, created_at";
        bench
            .sql(&format!("UPDATE seal SET ({names}) = (SELECT {names} FROM aside WHERE aside.id = seal.id)"))
            .await
            .unwrap();
        bench.sql("DROP TABLE aside").await.unwrap();
        assert_eq!(bench.query(&format!("SELECT body FROM seal WHERE id = '{id}'")).await, before);
        bench.store.read().await.unwrap().get::<Seal>(id).await.expect(change);
    }
}

pub async fn row_copied_to_another_key_is_refused(bench: &Bench) {
    let (one, two) = (account("one"), account("two"));
    let mut tx = bench.store.begin().await.unwrap();
    tx.insert(&one).await.unwrap();
    tx.insert(&two).await.unwrap();
    tx.commit().await.unwrap();
    // The password of one for two: whole body and MAC copied over.
    let copy = format!(
        "UPDATE account SET body = (SELECT body FROM account WHERE id = '{one}'), mac = (SELECT mac FROM account WHERE id = '{one}') \
         WHERE id = '{two}'",
        one = one.id,
        two = two.id
    );
    bench.sql(&copy).await.unwrap();
    let mut read = bench.store.read().await.unwrap();
    assert!(matches!(
        read.account_by_login("two").await,
        Err(StoreError::Integrity { table: "account", .. })
    ));
    let sweep = read.check_rows("account", "", 100).await.unwrap();
    assert_eq!((sweep.rows, sweep.broken), (2, vec![two.id.as_str().to_owned()]));
}

pub async fn rows_of_an_older_key_are_read_and_renewed(bench: &Bench) {
    let units: Vec<Unit> = (0..5).map(|_| unit()).collect();
    let mut tx = bench.store.begin().await.unwrap();
    for unit in &units {
        tx.insert(unit).await.unwrap();
    }
    tx.insert(&profile(1, now())).await.unwrap();
    tx.set_setting("instance", "甲", now()).await.unwrap();
    tx.commit().await.unwrap();
    let rotated = bench.store.with_keys(RowKeys::new(2, b"new key").with_older(1, b"row key of the tests"));
    let only_new = bench.store.with_keys(RowKeys::new(2, b"new key"));
    let id = units[0].id.as_str();
    assert_eq!(rotated.read().await.unwrap().get::<Unit>(id).await.unwrap().value, units[0]);
    assert!(only_new.read().await.unwrap().get::<Unit>(id).await.is_err());
    let (mut rows, mut older) = (0, 0);
    for table in TABLES {
        let mut after = Some(String::new());
        while let Some(from) = after {
            let mut tx = rotated.begin().await.unwrap();
            let sweep = tx.renew_rows(table, &from, 2, None).await.unwrap();
            tx.commit().await.unwrap();
            assert!(sweep.broken.is_empty());
            (rows, older, after) = (rows + sweep.rows, older + sweep.older, sweep.next);
        }
    }
    assert_eq!((rows, older), (6, 6));
    let mut tx = rotated.begin().await.unwrap();
    assert_eq!(tx.renew_settings().await.unwrap().older, 1);
    assert_eq!(tx.renew_settings().await.unwrap().older, 0);
    tx.commit().await.unwrap();
    let mut read = only_new.read().await.unwrap();
    let kept = read.get::<Unit>(id).await.unwrap();
    assert_eq!((kept.value, kept.version), (units[0].clone(), 1));
    assert_eq!(read.setting("instance").await.unwrap().as_deref(), Some("甲"));
}

pub async fn seal_is_found_by_code_certificate_and_serial_range(bench: &Bench) {
    let ground = Ground::lay(&bench.store).await;
    let mut tx = bench.store.begin().await.unwrap();
    let mut seals = Vec::new();
    for serial in ["09", "0a", "ff", "0100", "fffffffffffffffffffffffffffffffffffffff1"] {
        let seal = made_with(ground.begun(&mut tx, SealKind::BusinessContract).await, serial);
        tx.insert(&seal).await.unwrap();
        seals.push(seal);
    }
    tx.commit().await.unwrap();
    let mut read = bench.store.read().await.unwrap();
    assert_eq!(read.seal_by_code(seals[1].code()).await.unwrap().unwrap().value, seals[1]);
    assert!(read.seal_by_code("9900000000000").await.unwrap().is_none());
    let (seal, application, maker) = read.case_of_seal(seals[1].id().as_str()).await.unwrap();
    assert_eq!((seal.value, seal.version), (seals[1].clone(), 1));
    assert_eq!(application.value.seal(), Some(seals[1].id()));
    assert_eq!(maker.value.id, ground.maker.id);
    assert!(matches!(read.case_of_seal("seal_none").await, Err(StoreError::NotFound { .. })));
    let found = read.seals_by_certificate(ISSUER, "00FF").await.unwrap();
    assert_eq!((found.len(), &found[0].value), (1, &seals[2]));
    assert!(read.seals_by_certificate("CN=Other", "ff").await.unwrap().is_empty());
    let range = |found: &yinxin_store::Page<Seal>| {
        found.items.iter().map(|s| s.value.made().unwrap().certificate_serial.clone()).collect::<Vec<_>>()
    };
    let all = ListFilter::default();
    let found = read.seals_by_issuer(ISSUER, Some("a"), Some("100"), &all).await.unwrap();
    assert_eq!(range(&found), ["0a", "ff", "0100"]);
    let mut cursor: Option<String> = None;
    let mut serials = Vec::new();
    loop {
        let filter = ListFilter { limit: 2, cursor: cursor.as_deref(), ..ListFilter::default() };
        let page = read.seals_by_issuer(ISSUER, None, None, &filter).await.unwrap();
        serials.extend(range(&page));
        cursor = page.next;
        if cursor.is_none() {
            break;
        }
    }
    assert_eq!(
        serials,
        seals.iter().map(|s| s.made().unwrap().certificate_serial.clone()).collect::<Vec<_>>()
    );
    assert!(read.seals_by_issuer("CN=Other", None, None, &all).await.unwrap().items.is_empty());
}

pub async fn application_comes_with_what_its_checks_look_at(bench: &Bench) {
    let ground = Ground::lay(&bench.store).await;
    let mut tx = bench.store.begin().await.unwrap();
    for area in areas() {
        tx.insert(&area).await.unwrap();
    }
    let alone = application_on(&ground.unit, SealKind::BusinessContract, Basis::New);
    tx.insert(&alone).await.unwrap();
    let old = active(ground.begun(&mut tx, SealKind::LegalName).await);
    tx.insert(&old).await.unwrap();
    let renewal =
        application_on(&ground.unit, SealKind::LegalName, Basis::Renewal { seal: old.id().clone() });
    tx.insert(&renewal).await.unwrap();
    tx.commit().await.unwrap();
    let mut read = bench.store.read().await.unwrap();
    let before = read.round_trips();
    let found = read.submission(renewal.id().as_str()).await.unwrap();
    assert_eq!(read.round_trips() - before, 1);
    assert_eq!((found.application.value, found.application.version), (renewal, 1));
    assert_eq!((&found.unit, &found.area.path), (&ground.unit, &ground.unit.area_path));
    assert_eq!(found.previous.as_ref(), Some(&old));
    assert_eq!(found.legal_name_seals, [old]);
    let found = read.submission(alone.id().as_str()).await.unwrap();
    assert_eq!(found.application.value, alone);
    assert!(
        found.previous.is_none() && found.legal_name_seals.is_empty(),
        "a contract seal stands in nobody's way"
    );
    assert!(matches!(read.submission("app_none").await, Err(StoreError::NotFound { .. })));
}

pub async fn change_case_is_found_by_seal_and_application(bench: &Bench) {
    let ground = Ground::lay(&bench.store).await;
    let mut tx = bench.store.begin().await.unwrap();
    let seal = active(ground.begun(&mut tx, SealKind::LegalName).await);
    tx.insert(&seal).await.unwrap();
    let basis = Basis::Change { seal: seal.id().clone(), case: ChangeId::new(now(), &mut rng()) };
    let application = application_on(&ground.unit, SealKind::LegalName, basis);
    tx.insert(&application).await.unwrap();
    let case = change_of(&seal, &application);
    tx.insert(&case).await.unwrap();
    let mut read = tx;
    assert_eq!(read.change_of_seal(seal.id().as_str()).await.unwrap().unwrap().value, case);
    assert_eq!(read.change_of_application(application.id().as_str()).await.unwrap().unwrap().value, case);
    let event = ChangeEvent::Withdraw { reason: "不再变更".to_owned() };
    let withdrawn = case.apply(event, &crate::sample::by("unit_agent"), now()).unwrap();
    read.save(&withdrawn, 1).await.unwrap();
    assert!(read.change_of_seal(seal.id().as_str()).await.unwrap().is_none());
    assert_eq!(read.get::<ChangeCase>(withdrawn.id().as_str()).await.unwrap().value, withdrawn);
    let seals = read.seals_of_application(seal.application().as_str()).await.unwrap();
    assert_eq!(seals[0].value, seal);
}
