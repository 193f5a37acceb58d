//! Keys: master key and its file, key ring, vault.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

use std::os::unix::fs::PermissionsExt;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use yinxin_registry::Protected;
use yinxin_server::security::Secret;
use yinxin_server::security::keyring::{KeyRing, KeyringError, MAC_LEN, Purpose, WrappedKey};
use yinxin_server::security::master_file::{self, MasterFileError};
use yinxin_server::security::master_key::{KeyWrapper, MasterKey, WrapError};
use yinxin_server::security::redact::Mask;
use yinxin_server::security::vault::{Place, Vault, VaultError};
use yinxin_testkit::clock::now;
use yinxin_testkit::oracle::Lab;
use yinxin_testkit::rng::SeededRng;

const PHONE: &str = "13812345678";

fn place() -> Place<'static> {
    Place::new("account.phone", "acct_1")
}

fn setup(seed: &str) -> (MasterKey, KeyRing, SeededRng) {
    let mut rng = SeededRng::new(seed);
    let master = MasterKey::generate(&mut rng);
    let ring = KeyRing::create(&master, &mut rng, now()).unwrap();
    (master, ring, rng)
}

#[test]
fn a_master_key_reads_its_own_text_and_plain_base64() {
    let key = MasterKey::from_bytes(&[7; 32]);
    assert_eq!(MasterKey::from_text(&key.to_text()).unwrap().id(), key.id());
    for text in [STANDARD.encode([7; 32]), format!(" {}\n", URL_SAFE_NO_PAD.encode([7; 32]))] {
        assert_eq!(MasterKey::from_text(&Secret::new(text)).unwrap().id(), key.id());
    }
    for text in [
        "",
        "yinxin-master-key-1",
        "yinxin-master-key-2:x:y",
        &STANDARD.encode([7; 31]),
        &STANDARD.encode([7; 33]),
    ] {
        assert_eq!(MasterKey::from_text(&Secret::new(text)).unwrap_err(), WrapError::Format, "{text}");
    }
}

#[test]
fn a_slip_in_copying_a_master_key_is_told() {
    let text = MasterKey::from_bytes(&[7; 32]).to_text();
    let wrong = text.reveal().replacen("Bw", "Bx", 1);
    assert_ne!(wrong, text.reveal());
    assert_eq!(MasterKey::from_text(&Secret::new(wrong)).unwrap_err(), WrapError::CheckCode);
}

#[test]
fn the_key_file_is_made_once_whole_and_for_its_owner_only() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("master.key");
    let mut rng = SeededRng::new("file");
    let (made, new) = master_file::load_or_create(&path, &mut rng).unwrap();
    assert!(new);
    let (read, new) = master_file::load_or_create(&path, &mut rng).unwrap();
    assert!(!new);
    assert_eq!(made.id(), read.id());
    assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    let names: Vec<_> = std::fs::read_dir(folder.path()).unwrap().map(|e| e.unwrap().file_name()).collect();
    assert_eq!(names, ["master.key"], "no second copy stays");
    assert_eq!(master_file::create(&path, &mut rng).unwrap_err().code(), "MASTER_KEY_FILE_EXISTS");
    assert_eq!(master_file::load(&path).unwrap().id(), made.id());
}

#[test]
fn a_key_file_open_to_others_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("master.key");
    master_file::create(&path, &mut SeededRng::new("file")).unwrap();
    for mode in [0o640, 0o604, 0o620, 0o666] {
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).unwrap();
        let refused = master_file::load(&path).unwrap_err();
        assert!(
            matches!(refused, MasterFileError::Permissions { mode: told, .. } if told == mode),
            "{refused}"
        );
        assert!(refused.to_string().contains("chmod 600"));
    }
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o400)).unwrap();
    assert!(master_file::load(&path).is_ok());
}

#[test]
fn a_missing_or_broken_key_file_is_told_and_never_replaced() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("master.key");
    let mut rng = SeededRng::new("file");
    assert_eq!(master_file::load(&path).unwrap_err().code(), "MASTER_KEY_FILE_MISSING");
    let nowhere = folder.path().join("no").join("master.key");
    assert_eq!(master_file::create(&nowhere, &mut rng).unwrap_err().code(), "MASTER_KEY_FILE_IO");
    for content in ["", "half a ke"] {
        std::fs::write(&path, content).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
        assert_eq!(master_file::load_or_create(&path, &mut rng).unwrap_err().code(), "MASTER_KEY_FORMAT");
        assert_eq!(std::fs::read_to_string(&path).unwrap(), content);
    }
}

#[test]
fn two_processes_that_start_at_once_use_one_key() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("master.key");
    let results: Vec<(String, bool)> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..8)
            .map(|i| {
                let path = &path;
                scope.spawn(move || {
                    let mut rng = SeededRng::new(&format!("process {i}"));
                    let (key, new) = master_file::load_or_create(path, &mut rng).unwrap();
                    (key.id(), new)
                })
            })
            .collect();
        threads.into_iter().map(|t| t.join().unwrap()).collect()
    });
    assert_eq!(results.iter().filter(|(_, new)| *new).count(), 1);
    assert!(results.iter().all(|(id, _)| *id == results[0].0));
}

#[test]
fn a_ring_has_one_key_for_each_purpose_and_opens_again() {
    let (master, ring, _) = setup("ring");
    assert_eq!(ring.records().len(), Purpose::ALL.len());
    let again = KeyRing::open(&[&master], ring.records()).unwrap();
    let mut all = Vec::new();
    for purpose in Purpose::ALL {
        let keys: Vec<_> = ring.keys(purpose).collect();
        assert_eq!(keys, again.keys(purpose).collect::<Vec<_>>());
        assert_eq!((keys.len(), keys[0].0, keys[0].1.len()), (1, 1, purpose.key_len()));
        assert_eq!(Purpose::from_name(purpose.as_str()), Some(purpose));
        all.push(keys[0].1.to_vec());
    }
    all.sort();
    all.dedup();
    assert_eq!(all.len(), Purpose::ALL.len(), "every purpose has a key of its own");
}

#[test]
fn a_ring_does_not_open_with_another_master_key() {
    let (_, ring, mut rng) = setup("ring");
    let stranger = MasterKey::generate(&mut rng);
    let refused = KeyRing::open(&[&stranger], ring.records()).unwrap_err();
    assert!(
        matches!(&refused, KeyringError::WrongMaster { given, .. } if *given == stranger.id()),
        "{refused}"
    );
    // Not even if the record is made to name it.
    let mut records = ring.records().to_vec();
    records.iter_mut().for_each(|r| r.wrapped_by = stranger.id());
    assert_eq!(KeyRing::open(&[&stranger], &records).unwrap_err().code(), "KEYRING_UNWRAP_FAILED");
}

#[test]
fn records_altered_or_exchanged_do_not_open() {
    let (master, ring, mut rng) = setup("ring");
    let ring = ring.rotated(Purpose::Row, &master, &mut rng, now()).unwrap();
    let open = |change: &dyn Fn(&mut Vec<WrappedKey>)| {
        let mut records = ring.records().to_vec();
        change(&mut records);
        KeyRing::open(&[&master], &records).unwrap_err().code()
    };
    let find = |r: &[WrappedKey], p| r.iter().position(|k| k.purpose == p).unwrap();
    assert_eq!(open(&|r| *r[0].wrapped.last_mut().unwrap() ^= 1), "KEYRING_UNWRAP_FAILED");
    assert_eq!(open(&|r| r[0].wrapped.truncate(5)), "KEYRING_UNWRAP_FAILED");
    // A row key passed off as a token key, which has the same length.
    assert_eq!(
        open(&|r| {
            let (row, token) = (find(r, Purpose::Row), find(r, Purpose::Token));
            r[token].wrapped = r[row].wrapped.clone();
        }),
        "KEYRING_UNWRAP_FAILED"
    );
    // The old row key brought back as a newer one.
    assert_eq!(
        open(&|r| {
            let old = r[find(r, Purpose::Row)].clone();
            r.push(WrappedKey { number: 9, ..old });
        }),
        "KEYRING_UNWRAP_FAILED"
    );
    assert_eq!(open(&|r| r.retain(|k| k.purpose != Purpose::Index)), "KEYRING_INCOMPLETE");
    assert_eq!(open(&|r| r.push(r[0].clone())), "KEYRING_DAMAGED");
}

#[test]
fn the_newest_key_is_active_whatever_the_records_say() {
    let (master, ring, mut rng) = setup("ring");
    let rotated = ring.rotated(Purpose::Field, &master, &mut rng, now()).unwrap();
    let mut records = rotated.records().to_vec();
    for record in records.iter_mut().filter(|r| r.purpose == Purpose::Field) {
        record.retired_at = if record.number == 1 { None } else { Some(now()) };
    }
    records.reverse();
    assert_eq!(KeyRing::open(&[&master], &records).unwrap().active_number(Purpose::Field), 2);
}

#[test]
fn codes_verify_across_a_rotation_until_the_old_key_is_destroyed() {
    let (master, ring, mut rng) = setup("ring");
    let parts: [&[u8]; 2] = [b"unit_1", b"body"];
    let old = ring.mac(Purpose::Row, &parts);
    assert_eq!(old.len(), MAC_LEN);
    let ring = ring.rotated(Purpose::Row, &master, &mut rng, now()).unwrap();
    let new = ring.mac(Purpose::Row, &parts);
    assert_ne!(old, new);
    assert_eq!(ring.verify_mac(Purpose::Row, &parts, &old), Ok(()));
    assert_eq!(ring.verify_mac(Purpose::Row, &parts, &new), Ok(()));
    assert_eq!(ring.destroyed(Purpose::Row, 2).unwrap_err(), KeyringError::Active { number: 2 });
    let ring = ring.destroyed(Purpose::Row, 1).unwrap();
    let unknown = KeyringError::UnknownKey { purpose: Purpose::Row, number: 1 };
    assert_eq!(ring.verify_mac(Purpose::Row, &parts, &old), Err(unknown.clone()));
    assert_eq!(ring.destroyed(Purpose::Row, 1).unwrap_err(), unknown);
    // The record stays without the key, and the ring opens.
    let record = ring.records().iter().find(|r| r.purpose == Purpose::Row && r.number == 1).unwrap();
    assert!(record.is_destroyed() && record.wrapped.is_empty() && record.retired_at.is_some());
    let opened = KeyRing::open(&[&master], ring.records()).unwrap();
    assert_eq!(opened.verify_mac(Purpose::Row, &parts, &new), Ok(()));
}

#[test]
fn codes_tell_altered_shifted_and_foreign_data() {
    let (_, ring, _) = setup("ring");
    let code = ring.mac(Purpose::Row, &[b"ab", b"c"]);
    let verify =
        |purpose, parts: &[&[u8]], code: &[u8]| ring.verify_mac(purpose, parts, code).map_err(|e| e.code());
    assert_eq!(verify(Purpose::Row, &[b"ab", b"c"], &code), Ok(()));
    assert_eq!(verify(Purpose::Row, &[b"a", b"bc"], &code), Err("INTEGRITY"));
    assert_eq!(verify(Purpose::Row, &[b"abc"], &code), Err("INTEGRITY"));
    assert_eq!(verify(Purpose::Audit, &[b"ab", b"c"], &code), Err("INTEGRITY"));
    assert_eq!(verify(Purpose::Row, &[b"ab", b"c"], &code[..35]), Err("INTEGRITY"));
    assert_eq!(verify(Purpose::Row, &[b"ab", b"c"], &[]), Err("INTEGRITY"));
    assert_eq!(
        verify(Purpose::Row, &[b"ab", b"c"], &[&[0, 0, 0, 9], &code[4..]].concat()),
        Err("KEYRING_UNKNOWN_KEY")
    );
}

#[test]
fn new_keys_of_rows_and_indexes_only_read_until_every_node_has_them() {
    let (master, ring, mut rng) = setup("ring");
    let later = |seconds| now().saturating_add(jiff::SignedDuration::from_secs(seconds)).unwrap();
    let purposes = [Purpose::Row, Purpose::Index, Purpose::Field];
    let used = |ring: &KeyRing, at| purposes.map(|purpose| ring.settled(at).active_number(purpose));
    assert_eq!(used(&ring, now()), [1, 1, 1], "the first keys wait for nobody");
    let ring = purposes
        .iter()
        .fold(ring, |ring, purpose| ring.rotated(*purpose, &master, &mut rng, later(100)).unwrap());
    assert_eq!(used(&ring, later(100)), [1, 1, 2]);
    assert_eq!(used(&ring, later(159)), [1, 1, 2]);
    assert_eq!(used(&ring, later(160)), [2, 2, 2]);
    // Nobody keeps the old key in use by writing a time that lies ahead.
    assert_eq!(used(&ring, now()), [2, 2, 2]);
    let early = ring.settled(later(100));
    assert_eq!((early.newest(Purpose::Row), early.keys(Purpose::Row).count()), (2, 2));
    assert_eq!(early.settled(later(160)).active_number(Purpose::Row), 2);
    let third = early.rotated(Purpose::Row, &master, &mut rng, later(200)).unwrap();
    assert_eq!(third.active_number(Purpose::Row), 3);
}

#[test]
fn a_new_master_key_wraps_the_same_keys_and_the_old_one_is_worth_nothing() {
    let (old, ring, mut rng) = setup("ring");
    let ring = ring.rotated(Purpose::Row, &old, &mut rng, now()).unwrap().destroyed(Purpose::Row, 1).unwrap();
    let code = ring.mac(Purpose::Row, &[b"x"]);
    let new = MasterKey::generate(&mut rng);
    let changed = ring.rewrapped(&new, &mut rng).unwrap();
    assert_eq!(KeyRing::open(&[&old], changed.records()).unwrap_err().code(), "KEYRING_WRONG_MASTER");
    let opened = KeyRing::open(&[&new], changed.records()).unwrap();
    assert_eq!(opened.verify_mac(Purpose::Row, &[b"x"], &code), Ok(()));
    // Half-way through the change both are at hand.
    let mut mixed = ring.records().to_vec();
    mixed[0] = changed.records()[0].clone();
    assert!(KeyRing::open(&[&new, &old], &mixed).is_ok());
    assert!(KeyRing::open(&[&new], &mixed).is_err());
}

#[test]
fn protected_values_show_their_mask_and_reveal_at_their_place_only() {
    let (_, ring, mut rng) = setup("vault");
    let vault = Vault::new(ring);
    let protected = vault.protect(place(), PHONE, Mask::Phone, &mut rng).unwrap();
    assert_eq!(protected.masked, "138****5678");
    assert!(protected.cipher.starts_with("k1."));
    assert_eq!(vault.reveal(place(), &protected.cipher).unwrap().reveal(), PHONE);
    for other in [
        Place::new("account.phone", "acct_2"),
        Place::new("account.mobile", "acct_1"),
        Place::new("account.phone:acct_1", ""),
        Place::new("account", "phone:acct_1"),
    ] {
        assert_eq!(vault.reveal(other, &protected.cipher).unwrap_err(), VaultError::Damaged, "{other:?}");
    }
    let twice = vault.protect(place(), PHONE, Mask::Phone, &mut rng).unwrap();
    assert_ne!(twice.cipher, protected.cipher, "equal values are not equal when encrypted");
}

#[test]
fn every_altered_byte_of_a_cipher_text_is_told() {
    let (_, ring, mut rng) = setup("vault");
    let vault = Vault::new(ring);
    let cipher = vault.encrypt(place(), PHONE, &mut rng).unwrap();
    let bytes = URL_SAFE_NO_PAD.decode(&cipher[3..]).unwrap();
    assert_eq!(bytes.len(), 12 + PHONE.len() + 16);
    for at in 0..bytes.len() {
        let mut altered = bytes.clone();
        altered[at] ^= 0x10;
        let altered = format!("k1.{}", URL_SAFE_NO_PAD.encode(altered));
        assert_eq!(vault.reveal(place(), &altered).unwrap_err(), VaultError::Damaged, "byte {at}");
    }
    for bad in ["", "k1", "k1.", "k.AAAA", "k01.AAAA", "k+1.AAAA", "1.AAAA", "k1.?", "k1.AAAA", &cipher[1..]]
    {
        assert_eq!(vault.reveal(place(), bad).unwrap_err(), VaultError::Format, "{bad}");
    }
    assert_eq!(vault.reveal(place(), &cipher.replace("k1", "k2")).unwrap_err().code(), "KEYRING_UNKNOWN_KEY");
}

#[test]
fn equal_values_are_found_by_their_index_however_they_were_typed() {
    let (_, ring, _) = setup("vault");
    let vault = Vault::new(ring);
    let index = |text| vault.index("account.phone", text, Mask::Phone).unwrap();
    assert_eq!(index(PHONE).len(), 32);
    for same in ["138 1234 5678", "+86-138-1234-5678", "0086 13812345678", "１３８１２３４５６７８"]
    {
        assert_eq!(index(same), index(PHONE), "{same}");
    }
    assert_ne!(index("13812345679"), index(PHONE));
    assert_ne!(
        vault.index("unit.phone", PHONE, Mask::Phone),
        vault.index("account.phone", PHONE, Mask::Phone)
    );
    assert_eq!(
        vault.index("a", "11010119900307123x", Mask::IdNumber),
        vault.index("a", "110101 19900307 123X", Mask::IdNumber)
    );
    assert_eq!(vault.index("account.phone", " - ", Mask::Phone), None);
    assert_eq!(vault.index("account.name", "张三", Mask::Name), None);
    let (_, other, _) = setup("another vault");
    assert_ne!(Vault::new(other).index("account.phone", PHONE, Mask::Phone), Some(index(PHONE)));
}

#[test]
fn after_rotations_old_values_reveal_are_found_and_are_protected_anew() {
    let (master, ring, mut rng) = setup("vault");
    let old = Vault::new(ring.clone()).protect(place(), PHONE, Mask::Phone, &mut rng).unwrap();
    let ring = ring.rotated(Purpose::Field, &master, &mut rng, now()).unwrap();
    let ring = ring.rotated(Purpose::Index, &master, &mut rng, now()).unwrap();
    let vault = Vault::new(ring);
    assert_eq!(vault.reveal(place(), &old.cipher).unwrap().reveal(), PHONE);
    let indexes = vault.indexes("account.phone", PHONE, Mask::Phone);
    assert_eq!(indexes.len(), 2);
    assert_eq!(Some(&indexes[1]), old.index.as_ref());
    let new = vault.reprotect(place(), &old, Mask::Phone, &mut rng).unwrap().unwrap();
    assert!(new.cipher.starts_with("k2."));
    assert_eq!(Some(&indexes[0]), new.index.as_ref());
    assert_eq!(vault.reprotect(place(), &new, Mask::Phone, &mut rng).unwrap(), None);
    // Only the index is old: that counts as well.
    let stale = Protected { index: old.index.clone(), ..new.clone() };
    assert!(vault.reprotect(place(), &stale, Mask::Phone, &mut rng).unwrap().is_some());
    let cipher = vault.reencrypt(place(), &old.cipher, &mut rng).unwrap().unwrap();
    assert_eq!(vault.reencrypt(place(), &cipher, &mut rng).unwrap(), None);
    // With the old key gone, what was carried over stays readable.
    let later = Vault::new(vault.ring().destroyed(Purpose::Field, 1).unwrap());
    assert_eq!(later.reveal(place(), &cipher).unwrap().reveal(), PHONE);
    assert_eq!(later.reveal(place(), &old.cipher).unwrap_err().code(), "KEYRING_UNKNOWN_KEY");
}

#[test]
fn debug_outputs_show_no_key_and_no_value() {
    let (master, ring, mut rng) = setup("vault");
    let vault = Vault::new(ring.clone());
    let protected = vault.protect(place(), PHONE, Mask::Phone, &mut rng).unwrap();
    let secret = vault.reveal(place(), &protected.cipher).unwrap();
    let shown = format!("{master:?} {ring:?} {vault:?} {secret:?} {:?} {protected:?}", master.to_text());
    assert!(!shown.contains(PHONE));
    assert!(!shown.contains(master.to_text().reveal()));
    for purpose in Purpose::ALL {
        for (_, key) in ring.keys(purpose) {
            assert!(!shown.contains(&hex::encode(key)));
            assert!(!shown.contains(&format!("{}, {}", key[0], key[1])), "{shown}");
        }
    }
}

/// The command line of OpenSSL has no SM4-GCM. But the cipher text of GCM is that of the counter mode from counter 2, and the derivation of
/// the wrapping key is an HMAC; both it has.
#[test]
fn openssl_decrypts_a_field_and_unwraps_its_key() {
    let lab = Lab::new("security-sm4");
    let decrypt = |key: &str, nonce_cipher_tag: &[u8]| {
        let (nonce, sealed) = nonce_cipher_tag.split_at(12);
        lab.write("c", &sealed[..sealed.len() - 16]);
        let iv = format!("{}00000002", hex::encode(nonce));
        lab.openssl(&["enc", "-d", "-sm4-ctr", "-K", key, "-iv", &iv, "-in", "c", "-out", "p"]);
        lab.read("p")
    };
    let mut rng = SeededRng::new("openssl");
    let master = MasterKey::from_bytes(&[7; 32]);
    let ring = KeyRing::create(&master, &mut rng, now()).unwrap();
    let cipher = Vault::new(ring.clone()).encrypt(place(), PHONE, &mut rng).unwrap();

    lab.write("label", "yinxin master key 1: wrap with SM4-GCM");
    let macopt = format!("hexkey:{}", hex::encode([7; 32]));
    let derived = lab.openssl(&["dgst", "-sm3", "-mac", "HMAC", "-macopt", &macopt, "-r", "label"]);
    let record = ring.records().iter().find(|r| r.purpose == Purpose::Field).unwrap();
    let field_key = decrypt(&derived[..32], &record.wrapped);
    assert_eq!(field_key.len(), 16);
    let plain = decrypt(&hex::encode(field_key), &URL_SAFE_NO_PAD.decode(&cipher[3..]).unwrap());
    assert_eq!(plain, PHONE.as_bytes());
}
