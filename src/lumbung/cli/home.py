"""Where an installation keeps its data, and the file that holds its keys."""

import base64
import os
import secrets
from datetime import UTC, datetime, timedelta
from pathlib import Path

import platformdirs
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    pkcs12,
)
from cryptography.x509.oid import NameOID


def home_folder() -> Path:
    """The folder of this installation: $LUMBUNG_HOME, else one for root, else one in the user's own data folder.

    Root's own home folder is closed to others, and PostgreSQL never runs as root: its data could not lie there.
    """
    chosen = os.environ.get("LUMBUNG_HOME")
    if chosen:
        return Path(chosen).expanduser().absolute()
    if os.geteuid() == 0:
        return Path("/var/lib/lumbung")
    return Path(platformdirs.user_data_path("lumbung"))


def make_home(home: Path) -> None:
    """Make the folder; others may pass through it (as root the database server is another user), not list it."""
    home.mkdir(parents=True, exist_ok=True)
    if home.stat().st_uid == os.geteuid():
        home.chmod(0o711 if os.geteuid() == 0 else 0o700)


def maintenance_file() -> Path:
    """The file that closes the doors while it is there: $LUMBUNG_MAINTENANCE_FILE, else one in the home folder."""
    chosen = os.environ.get("LUMBUNG_MAINTENANCE_FILE")
    return Path(chosen).expanduser().absolute() if chosen else home_folder() / "maintenance.json"


def environment_file(home: Path) -> Path:
    return home / "demo.env"


def read_environment(home: Path) -> dict[str, str]:
    """The keys and addresses of the installation, empty when it was never started."""
    try:
        text = environment_file(home).read_text(encoding="utf-8")
    except FileNotFoundError:
        return {}
    pairs = (line.partition("=") for line in text.splitlines() if line and not line.startswith("#"))
    return {name: value for name, _, value in pairs}


def write_environment(home: Path, values: dict[str, str]) -> None:
    """Replace the file in one step: a reader finds the old one or the new one, and nobody else may read either."""
    for name, value in values.items():
        assert "=" not in name, name
        assert "\n" not in value, name
    text = "".join(f"{name}={value}\n" for name, value in values.items())
    write_private(environment_file(home), text)


def write_private(path: Path, text: str) -> None:
    """Write a file that only its owner may read, whole or not at all."""
    scratch = path.with_name(path.name + ".new")
    scratch.unlink(missing_ok=True)
    descriptor = os.open(scratch, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with open(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    scratch.replace(path)


def new_secrets() -> dict[str, str]:
    """Fresh keys for one installation, by the names under which the settings read them."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return {
        "LUMBUNG_SECRET_KEY": secrets.token_urlsafe(50),
        "LUMBUNG_FIELD_KEYS": f"k1:{_random_key()}",
        "LUMBUNG_INDEX_KEY": _random_key(),
        "LUMBUNG_SMS_SECRET": secrets.token_urlsafe(16),
        "LUMBUNG_OIDC_KEY": base64.b64encode(pem).decode(),
        **newer_secrets(),
    }


def newer_secrets() -> dict[str, str]:
    """Fresh keys of those kinds that no data is tied to, so that an installation may get them later."""
    return {**paper_secrets(), "LUMBUNG_PUSH_KEY": new_push_key()}


def paper_secrets() -> dict[str, str]:
    """Fresh keys to sign papers with: of codes, and a certificate that this installation gives to itself."""
    password = secrets.token_urlsafe(24)
    return {
        "LUMBUNG_PAPER_KEY": _random_key(),
        "LUMBUNG_SIGNER": base64.b64encode(_own_certificate(password)).decode(),
        "LUMBUNG_SIGNER_PASSWORD": password,
    }


def _own_certificate(password: str) -> bytes:
    """A key with a certificate that nobody but itself vouches for, as PKCS#12: good to try, not to trust."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Lumbung, own certificate of this installation")])
    usage = dict.fromkeys(
        ("key_encipherment", "data_encipherment", "key_agreement", "key_cert_sign", "crl_sign"), False
    )
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=3650))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(
            x509.KeyUsage(
                digital_signature=True, content_commitment=True, encipher_only=False, decipher_only=False, **usage
            ),
            critical=True,
        )
        .sign(key, SHA256())
    )
    return pkcs12.serialize_key_and_certificates(
        b"lumbung", key, certificate, None, BestAvailableEncryption(password.encode())
    )


def new_push_key() -> str:
    """A private key of the curve P-256, as base64url of its number."""
    number = ec.generate_private_key(ec.SECP256R1()).private_numbers().private_value
    return base64.urlsafe_b64encode(number.to_bytes(32)).decode().rstrip("=")


def _random_key() -> str:
    return base64.b64encode(secrets.token_bytes(32)).decode()
