//! Objects to bytes.

use super::object::Object;

/// Writes a name with the escapes it needs.
fn write_name(name: &[u8], out: &mut Vec<u8>) {
    out.push(b'/');
    for b in name {
        if b.is_ascii_graphic() && !b"()<>[]{}/%#".contains(b) {
            out.push(*b);
        } else {
            out.extend(format!("#{b:02X}").bytes());
        }
    }
}

/// Writes an object; strings in hexadecimal where they hold anything but plain characters.
pub(crate) fn write_object(object: &Object, out: &mut Vec<u8>) {
    match object {
        Object::Null => out.extend(b"null"),
        Object::Bool(b) => out.extend(b.to_string().bytes()),
        Object::Int(n) => out.extend(n.to_string().bytes()),
        Object::Real(text) => out.extend(text),
        Object::Name(n) => write_name(n, out),
        Object::Str(s) => {
            let plain = !s.hex
                && s.bytes.iter().all(|b| matches!(b, b' '..=b'~') && !matches!(b, b'(' | b')' | b'\\'));
            if plain {
                out.push(b'(');
                out.extend(&s.bytes);
                out.push(b')');
            } else {
                out.push(b'<');
                s.bytes.iter().for_each(|b| out.extend(format!("{b:02X}").bytes()));
                out.push(b'>');
            }
        }
        Object::Array(a) => {
            out.push(b'[');
            for (i, o) in a.iter().enumerate() {
                if i > 0 {
                    out.push(b' ');
                }
                write_object(o, out);
            }
            out.push(b']');
        }
        Object::Dict(d) => {
            out.extend(b"<<");
            for (k, v) in &d.entries {
                write_name(k, out);
                out.push(b' ');
                write_object(v, out);
                out.push(b'\n');
            }
            out.extend(b">>");
        }
        Object::Ref(r) => out.extend(format!("{} {} R", r.number, r.generation).bytes()),
    }
}
