//! Activation passwords of seals, one row for a seal under the seal's own key.

use crate::record::record;
use crate::time::micros;
use yinxin_registry::custody::activation::Activation;

record! {
    Activation, "activation", key: |activation| activation.seal().as_str(),
    columns: {
        unit_id = 5: |activation| activation.unit().as_str().into(),
        keeper_id = 6: |activation| activation.keeper().as_str().into(),
        ends_at = 7: |activation| micros(activation.ends_at()).into(),
    }
}
