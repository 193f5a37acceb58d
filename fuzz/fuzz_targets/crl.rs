//! Reads any bytes as a revocation list, with all its entries.
#![no_main]

use libfuzzer_sys::fuzz_target;
use yinxin_formats::crl::Crl;
use yinxin_formats::der::Limits;

fuzz_target!(|data: &[u8]| {
    let Ok(list) = Crl::parse(data, &Limits::default()) else { return };
    for entry in list.entries() {
        let Ok(entry) = entry else { break };
        let _ = list.find(&entry.serial);
    }
    let _ = (list.authority_key_id(), list.crl_number(), list.delta_base(), list.is_indirect());
    let _ = (list.issuing_distribution_point(), list.unknown_critical());
});
