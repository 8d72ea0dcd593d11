//! Random changes: nothing panics, and nothing but what was signed is believed.

use chrono::TimeDelta;
use proptest::prelude::*;

use crate::peer::{ONE, SIGNATURES, formed, peer};

fn is_as_signed(believed: Result<container::Signed, container::Flaw>) -> bool {
    believed.is_ok_and(|signed| {
        signed.signer.reveal() == ONE && signed.documents == [0] && signed.signed_at == formed() + TimeDelta::minutes(20)
    })
}

proptest! {
    #[test]
    fn no_changed_byte_changes_what_is_believed(case in 0usize..4, at in any::<prop::sample::Index>(), byte: u8) {
        let Some(peer) = peer() else { return Ok(()) };
        let mut container = peer.case(["good-p256", "good-rsa", "good-streamed", "good-xmlsec-inclusive-11"][case]);
        prop_assert!(is_as_signed(peer.believe(&container)));
        let at = at.index(container.len());
        container[at] = byte;
        let believed = peer.believe(&container);
        prop_assert!(believed.is_err() || is_as_signed(believed));
    }

    #[test]
    fn no_changed_byte_of_the_signature_changes_what_is_believed(at in any::<prop::sample::Index>(), byte in 0u8..128) {
        let Some(peer) = peer() else { return Ok(()) };
        let mut signatures = peer.signatures().into_bytes();
        let at = at.index(signatures.len());
        signatures[at] = byte;
        let believed = peer.with_entry(SIGNATURES, &signatures);
        prop_assert!(believed.is_err() || is_as_signed(believed));
    }

    #[test]
    fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..600)) {
        let Some(peer) = peer() else { return Ok(()) };
        prop_assert!(peer.believe(&bytes).is_err());
        prop_assert!(peer.with_entry(SIGNATURES, &bytes).is_err());
        prop_assert!(peer.with_entry("META-INF/manifest.xml", &bytes).is_err());
    }

    #[test]
    fn no_text_makes_it_panic(text in "(<[a-z:/!?]{0,9}[ >]|[&;]|ds:Signature|\\PC){0,60}") {
        let Some(peer) = peer() else { return Ok(()) };
        prop_assert!(peer.with_entry(SIGNATURES, text.as_bytes()).is_err());
    }

    #[test]
    fn no_cut_container_is_believed(at in any::<prop::sample::Index>()) {
        let Some(peer) = peer() else { return Ok(()) };
        let container = peer.case("good-p256");
        prop_assert!(peer.believe(&container[..at.index(container.len())]).is_err());
    }
}
