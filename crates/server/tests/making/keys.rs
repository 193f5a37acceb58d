//! The key shelf.

use std::os::unix::fs::PermissionsExt;

use yinxin_crypto::keystore::{Password, decrypt_pkcs8};
use yinxin_crypto::{KeyAlgorithm, KeyProvider};
use yinxin_server::making::keys::{KeyId, KeyShelf, KeyStoreError, SealKeys};
use yinxin_testkit::oracle::Lab;
use yinxin_testkit::rng::SeededRng;

use crate::sample::password;

fn shelf() -> (tempfile::TempDir, KeyShelf, SeededRng) {
    let (folder, mut rng) = (tempfile::tempdir().unwrap(), SeededRng::new("shelf"));
    let shelf = KeyShelf::open(&folder.path().join("keys"), &password(), &mut rng).unwrap();
    (folder, shelf, rng)
}

#[test]
fn asking_twice_gives_one_key_that_signs_under_its_identifier() {
    let (_folder, shelf, mut rng) = shelf();
    let id = KeyId::new(&mut rng);
    let first = shelf.make(&id, &mut rng).unwrap();
    let again = shelf.make(&id, &mut rng).unwrap();
    assert_eq!(first.public_key(), again.public_key());
    assert_eq!(first.label(), id.as_str());
    let value = shelf.open(&id).unwrap().sign(b"text").unwrap();
    assert!(first.public_key().verify(first.algorithm(), b"text", &value).is_ok());
    assert_eq!(shelf.list().unwrap(), [id]);
}

#[test]
fn keys_survive_closing_and_open_with_the_right_secret_only() {
    let (folder, shelf, mut rng) = shelf();
    let made = shelf.generate(KeyAlgorithm::Sm2, &mut rng).unwrap();
    drop(shelf);
    let place = folder.path().join("keys");
    let again = KeyShelf::open(&place, &password(), &mut rng).unwrap();
    let id = KeyId::parse(&made.label()).unwrap();
    assert_eq!(again.open(&id).unwrap().public_key(), made.public_key());
    for wrong in ["another", ""] {
        let refused = KeyShelf::open(&place, &Password::new(wrong.into()), &mut rng).unwrap_err();
        assert!(matches!(refused, KeyStoreError::WrongSecret), "{refused}");
    }
}

#[test]
fn files_are_for_the_owner_alone_encrypted_and_bound_to_their_names() {
    let (folder, shelf, mut rng) = shelf();
    let (a, b) = (KeyId::new(&mut rng), KeyId::new(&mut rng));
    shelf.make(&a, &mut rng).unwrap();
    shelf.make(&b, &mut rng).unwrap();
    let place = folder.path().join("keys");
    assert_eq!(std::fs::metadata(&place).unwrap().permissions().mode() & 0o777, 0o700);
    let mut names = Vec::new();
    for entry in std::fs::read_dir(&place).unwrap() {
        let entry = entry.unwrap();
        assert_eq!(entry.metadata().unwrap().permissions().mode() & 0o777, 0o600, "{entry:?}");
        names.push(entry.file_name().into_string().unwrap());
    }
    names.sort();
    let mut expected = vec![format!("{a}.p8"), format!("{b}.p8"), "shelf.json".to_owned()];
    expected.sort();
    assert_eq!(names, expected, "no left-overs");
    let bytes = std::fs::read(place.join(format!("{a}.p8"))).unwrap();
    assert!(decrypt_pkcs8(&bytes, b"sample password").is_err(), "not under the secret itself");
    // A key put in another's place does not open.
    std::fs::write(place.join(format!("{b}.p8")), &bytes).unwrap();
    assert!(matches!(shelf.open(&b), Err(KeyStoreError::Damaged(_))));
    assert!(matches!(shelf.make(&b, &mut rng), Err(KeyStoreError::Damaged(_))), "nor is it made anew");
}

#[test]
fn a_destroyed_key_is_gone() {
    let (folder, shelf, mut rng) = shelf();
    let id = KeyId::new(&mut rng);
    assert!(matches!(shelf.destroy(&id), Err(KeyStoreError::Unknown(_))));
    shelf.make(&id, &mut rng).unwrap();
    shelf.destroy(&id).unwrap();
    assert!(matches!(shelf.open(&id), Err(KeyStoreError::Unknown(_))));
    assert!(!folder.path().join("keys").join(format!("{id}.p8")).exists());
}

#[test]
fn what_a_crash_left_half_made_is_swept_away() {
    let (folder, shelf, mut rng) = shelf();
    drop(shelf);
    let place = folder.path().join("keys");
    let (old, young) = (place.join(".key_0.p8.00"), place.join(".key_1.p8.00"));
    for path in [&old, &young] {
        std::fs::write(path, b"left over").unwrap();
    }
    let two_hours_ago = std::time::SystemTime::now() - std::time::Duration::from_secs(7200);
    std::fs::File::options().write(true).open(&old).unwrap().set_modified(two_hours_ago).unwrap();
    KeyShelf::open(&place, &password(), &mut rng).unwrap();
    assert!(!old.exists() && young.exists());
}

#[test]
fn rejects_identifiers_that_could_leave_the_folder() {
    for bad in ["", "key_", "../key_00000000000000000000000000000000", "key_0000000000000000000000000000000G"]
    {
        assert!(KeyId::parse(bad).is_err(), "{bad}");
    }
}

#[test]
fn makes_sm2_keys_only() {
    let (_folder, shelf, mut rng) = shelf();
    let refused = shelf.generate(KeyAlgorithm::P256, &mut rng).err().unwrap();
    assert_eq!(refused.code(), "PROVIDER_UNSUPPORTED");
}

#[test]
fn nothing_printed_of_a_shelf_or_key_is_secret() {
    let (_folder, shelf, mut rng) = shelf();
    let id = KeyId::new(&mut rng);
    shelf.make(&id, &mut rng).unwrap();
    let text = format!("{shelf:?}");
    assert!(text.starts_with("KeyShelf { folder: ") && text.ends_with(".. }"), "{text}");
}

#[test]
fn openssl_verifies_what_a_shelf_key_signs() {
    let (_folder, shelf, mut rng) = shelf();
    let key = shelf.generate_sm2(&mut rng).unwrap();
    let lab = Lab::new("shelf-openssl");
    lab.write("text", b"text");
    lab.write("value", key.sign(b"text").unwrap());
    lab.write("key.pub", yinxin_formats::pem::encode("PUBLIC KEY", &key.public_key().spki_der()));
    let id = "distid:1234567812345678";
    lab.openssl(&["dgst", "-sm3", "-verify", "key.pub", "-sigopt", id, "-signature", "value", "text"]);
}
