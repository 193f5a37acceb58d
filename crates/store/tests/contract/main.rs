//! One suite of cases, run on SQLite and on PostgreSQL: what holds on one engine holds on the other.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

mod audit;
mod bench;
mod concurrency;
mod copies;
mod custody;
mod exchange;
mod foundation;
mod invariants;
mod jobs;
mod later;
mod lists;
mod logins;
mod notices;
mod overview;
mod records;
mod retention;
mod sample;
mod schema;
mod snapshots;
mod tickets;
mod verification;

bench::contract! {
    foundation:
        settings_are_kept_and_guarded,
        counter_counts_from_one_and_gives_back_what_is_not_kept,
        clock_that_went_back_is_refused,
        wrapped_keys_are_kept_rewrapped_and_retired,
        answer_is_kept_once_per_key_until_it_expires,
        nonce_counts_once,
        dropped_transaction_leaves_nothing,
        round_trips_are_counted;
    later: what_waits_is_kept_with_the_rest_or_not_at_all, a_transaction_that_failed_where_nobody_waited_keeps_nothing;
    logins:
        session_is_found_touched_and_ended,
        forged_session_is_refused,
        challenge_is_answered_once,
        one_round_trip_gives_session_account_and_answer,
        client_comes_with_its_answer,
        account_is_found_by_login_certificate_and_role,
        expired_rows_are_pruned;
    jobs:
        jobs_are_claimed_when_due_and_finished,
        a_node_that_was_killed_takes_its_own_work_up_at_once,
        jobs_of_one_subject_run_in_order,
        job_of_a_dead_worker_comes_due_again_and_the_late_worker_is_refused,
        failed_job_is_tried_again_buried_and_revived,
        no_job_is_claimed_twice_by_racing_workers;
    audit:
        chain_of_the_store_satisfies_the_verifier,
        rows_cannot_be_changed_deleted_or_inserted_by_sql,
        head_moves_only_with_a_row,
        rolled_back_entry_leaves_no_gap,
        racing_transactions_make_one_chain,
        signed_head_comes_back_with_its_tree_and_a_wrong_tree_is_refused,
        search_finds_by_each_filter_in_parts,
        chain_turns_to_a_new_key_and_never_back;
    records:
        record_comes_back_as_it_was,
        stale_version_is_refused,
        row_changed_by_sql_is_refused_in_every_column,
        row_copied_to_another_key_is_refused,
        rows_of_an_older_key_are_read_and_renewed,
        seal_is_found_by_code_certificate_and_serial_range,
        application_comes_with_what_its_checks_look_at,
        change_case_is_found_by_seal_and_application;
    invariants:
        second_legal_name_seal_in_force_is_refused,
        second_legal_name_seal_in_making_is_refused,
        legal_name_seal_is_followed_by_the_next_in_one_transaction,
        second_open_application_for_the_legal_name_is_refused,
        business_number_seal_code_key_credit_code_and_login_are_unique,
        renewal_keeps_its_number_and_nobody_else_gets_it,
        seals_numbered_before_there_were_chains_keep_their_numbers,
        seal_without_approval_is_refused,
        approval_of_a_seal_cannot_be_exchanged,
        handover_without_filing_is_refused_by_the_engine,
        maker_who_approved_is_refused_by_the_engine,
        every_state_of_the_domain_is_known_to_the_schema,
        nothing_of_the_registry_can_be_deleted;
    concurrency:
        twenty_race_for_the_legal_name_seal_and_one_wins,
        racing_chains_never_share_a_number,
        fifty_numbers_have_no_gap_and_no_double,
        two_stores_on_one_database_keep_the_rules,
        two_savers_of_one_version_and_one_wins;
    lists:
        parts_of_a_list_cover_the_area_and_nothing_else,
        filters_by_state_kind_and_name_agree_with_a_plain_search,
        cursor_of_another_area_leads_nowhere_else,
        area_lists_its_children_only,
        unit_lists_its_own_and_its_bodies,
        maker_lists_its_orders,
        figures_agree_with_the_lists,
        list_statements_walk_an_index, a_small_area_is_not_looked_for_in_the_whole;
    overview:
        figures_follow_every_step_and_stay_when_added_up,
        racing_steps_are_all_counted,
        what_is_overdue_or_ends_is_counted_in_its_area,
        counting_stops_where_nobody_reads_on;
    custody:
        custody_rights_and_requests_come_back_as_they_were,
        documents_of_a_request_keep_their_order_and_are_counted,
        the_register_is_searched_from_the_newest_by_every_filter,
        an_entry_of_the_register_stays_as_it_is_and_a_document_is_sealed_once,
        every_state_of_custody_and_use_is_known_to_the_schema;
    copies:
        a_code_leads_to_its_document_and_to_no_other,
        a_document_sealed_before_there_were_copies_is_found_by_its_code,
        copies_are_listed_from_the_newest_and_found_by_their_codes,
        a_copy_stays_what_it_is_and_is_withdrawn_once,
        how_a_document_was_sealed_is_found_by_document_and_by_digest;
    retention:
        what_is_due_is_listed_by_unit_the_longest_due_first,
        bytes_are_referred_to_until_everybody_lets_go,
        lists_of_disposal_come_back_are_listed_and_stay_what_they_were,
        every_state_of_keeping_and_disposal_is_known_to_the_schema,
        what_was_there_before_is_taken_over;
    tickets:
        tickets_come_back_are_listed_and_counted_when_overdue,
        every_state_of_a_ticket_is_known_to_the_schema,
        drills_are_kept_with_what_they_found_and_what_refers_to_them,
        units_without_rules_and_with_old_ones_are_listed_by_place;
    exchange:
        systems_are_relied_on_from_their_confirmation_to_their_end,
        a_code_is_one_systems_until_it_ends_and_what_ended_stays_so,
        an_older_list_never_takes_the_place_of_a_newer_one,
        every_state_and_kind_of_a_system_is_known_to_the_schema;
    verification:
        verifications_are_searched_from_the_newest_by_every_filter,
        a_verification_stays_as_it_is_until_its_time_is_over;
    snapshots:
        a_snapshot_sees_one_moment,
        every_row_goes_into_either_engine_and_is_the_same,
        what_was_running_is_free_and_numbers_go_on,
        a_row_that_breaks_a_reference_keeps_everything_out,
        an_older_schema_is_filled_and_brought_up,
        a_database_being_restored_is_not_ready;
    notices:
        notices_are_listed_marked_and_told_once,
        webhooks_are_found_by_area_and_unit_while_they_are_active,
        deliveries_are_listed_settled_and_forgotten,
        jobs_given_up_are_listed_by_queue;
    schema:
        every_statement_prepares,
        unique_indexes_have_the_names_the_program_knows,
        migrations_run_once_and_the_schema_is_ready,
        newer_and_altered_schemas_are_refused;
}
