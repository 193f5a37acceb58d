use jiff::civil::Time;
use yinxin_registry::custody::signal::{Signal, Try, Watch, signals};

fn ordinary() -> Try<'static> {
    Try {
        local_time: Time::constant(10, 0, 0, 0),
        day_off: false,
        address: Some("10.1.2.3"),
        last_hour: 1,
        last_day: 1,
        refused_last_hour: 0,
    }
}

#[test]
fn an_ordinary_use_gives_no_signal() {
    assert!(signals(&Watch::default(), &ordinary()).is_empty());
}

#[test]
fn hour_place_volume_and_refusals_are_told_apart() {
    let watch = Watch { networks: vec!["10.1.".to_owned(), "10.2.0.9".to_owned()], ..Watch::default() };
    let found = |change: fn(&mut Try<'static>)| {
        let mut tried = ordinary();
        change(&mut tried);
        signals(&watch, &tried)
    };
    assert!(found(|_| {}).is_empty());
    assert_eq!(found(|t| t.local_time = Time::constant(3, 0, 0, 0)), [Signal::UnusualHour]);
    assert_eq!(found(|t| t.day_off = true), [Signal::UnusualHour]);
    assert_eq!(found(|t| t.address = None), [Signal::UnusualPlace]);
    assert_eq!(found(|t| t.address = Some("10.11.2.3")), [Signal::UnusualPlace]);
    assert_eq!(
        found(|t| t.address = Some("10.2.0.99")),
        [Signal::UnusualPlace],
        "a whole address is no prefix"
    );
    assert!(found(|t| t.address = Some("10.2.0.9")).is_empty());
    assert_eq!(found(|t| t.last_hour = 501), [Signal::HighVolume]);
    assert_eq!(found(|t| t.last_day = 2001), [Signal::HighVolume]);
    assert_eq!(found(|t| t.refused_last_hour = 5), [Signal::RefusedTries]);
}
