"""The test files that take longest, the longest first: they begin first, so that nobody waits for them at the end.

Which they are, and how long: `.venv/bin/python -m pytest -n 2 --dist loadfile --durations=0`.
"""

LONGEST = (
    "test_home_browser", "test_demo", "test_kannel", "test_bench", "test_recovery_browser", "test_app_browser",
    "test_fuzz_minute", "test_doors", "test_browser_log_in", "test_settling_side_by_side", "test_kill",
    "test_half_done", "test_public_browser", "test_registration_browser", "test_browser", "test_home_walk_browser",
    "test_development_side_by_side", "test_export_demo", "test_office_browser", "test_casework_browser",
    "test_papers_browser", "test_design", "test_profile_browser", "test_time_out", "test_corpus",
    "test_any_returns", "test_concurrency", "test_identifiers", "test_serving", "test_demo_fund", "test_tidy",
    "test_described", "test_read_only", "test_closing", "test_independent", "test_export", "test_any_books",
    "test_model", "test_planted_faults", "test_guards", "test_check", "test_browser_borders",
    "test_export_command", "test_return_corrections",
)  # fmt: skip
