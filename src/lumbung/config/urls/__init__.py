"""The urlconf of each door. Names that every door for people has: account_login, account_logout,
account_logged_out, account_reauthenticate, account_signup, set_language; its front is `request.door.prefix`."""

handler400 = "lumbung.config.refusals.bad_request"
handler403 = "lumbung.config.refusals.forbidden"
handler404 = "lumbung.config.refusals.not_found"
handler429 = "lumbung.config.refusals.too_many"
handler500 = "lumbung.config.refusals.server_error"
