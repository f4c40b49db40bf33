"""The test files that take longest, the longest first: they begin first, so that nobody waits for them at the end.

Which they are, and how long: `.venv/bin/python -m pytest -n 2 --dist loadfile --durations=0`.
"""

LONGEST = (
    "test_home_browser", "test_kill", "test_settling_side_by_side", "test_recovery_browser", "test_browser_log_in",
    "test_demo", "test_fuzz_minute", "test_home_walk_browser", "test_doors", "test_half_done", "test_corpus",
    "test_registration_browser", "test_office_browser", "test_public_browser", "test_bench", "test_export_demo",
    "test_browser", "test_casework_browser", "test_development_side_by_side", "test_papers_browser",
    "test_time_out", "test_design", "test_serving", "test_app_browser", "test_concurrency",
    "test_profile_browser", "test_demo_fund", "test_identifiers", "test_browser_borders", "test_export_command",
    "test_closing",
)  # fmt: skip
