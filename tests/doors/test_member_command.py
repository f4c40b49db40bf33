"""`lumbung member phone`: an operator puts a phone on file today."""

import json

import pytest
from click.testing import CliRunner, Result
from door_users import Users
from letterbox import PHONE, give_contacts, texts

from lumbung import access
from lumbung.accounts.models import AccessEvent, ContactChange
from lumbung.cli import main


def run(*arguments: str, given: str = "") -> Result:
    return CliRunner().invoke(main, ["member", "phone", *arguments], input=given)


def test_a_phone_is_put_on_file_and_shown_masked(users: Users):
    done = run("10000000001", "0812-0000-0303")
    assert done.exit_code == 0
    assert "0303" in done.stdout
    assert "81200000303" not in done.stdout
    assert access.member_number_for_phone("+6281200000303", "10000000001") is not None
    assert AccessEvent.objects.get().what == "phone_changed"
    assert ContactChange.objects.get().user == users.member


def test_the_number_can_be_asked_for_so_that_no_history_keeps_it(users: Users):
    assert run("10000000001", given="0812 0000 0303\n").exit_code == 0
    assert access.member_number_for_phone("+6281200000303", "10000000001") is not None


def test_the_old_phone_is_told(users: Users):
    give_contacts(users.member)
    run("10000000001", "0812 0000 0303")
    assert len(texts(PHONE)) == len(texts("+6281200000303")) == 1


@pytest.mark.parametrize(
    ("number", "phone", "code"),
    [("99999999999", "0812 0000 0303", "no_such_member"), ("10000000001", "12", "bad_identity")],
)
def test_refusals(users: Users, number: str, phone: str, code: str):
    done = run(number, phone, "--json")
    assert done.exit_code == 1
    assert json.loads(done.stdout)["refused"] == code
