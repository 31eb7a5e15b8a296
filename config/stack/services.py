"""Ask servers that the environment names for their versions; no message repeats their address."""

from contextlib import closing

import psycopg2
import redis

from config.stack.console import Trouble

PATIENCE_SECONDS = 3
# What the drivers say may quote the address, so only what is known to be harmless is passed on.
REASONS = {
    "password authentication failed": "it refuses the user or the password.",
    "does not exist": "it has no such user or database.",
    "translate host name": "its host name is unknown.",
    "Connection refused": "nobody listens there.",
    "timeout": "it does not answer in time.",
}
UNKNOWN = "it does not answer."
INVALID = "it is not a valid address."


def postgres_version(url: str) -> str:
    try:
        with closing(psycopg2.connect(url, connect_timeout=PATIENCE_SECONDS)) as connection:
            number = connection.server_version
    except psycopg2.OperationalError as error:
        raise Trouble(reason(error)) from None
    except psycopg2.ProgrammingError:
        raise Trouble(INVALID) from None
    return f"{number // 10_000}.{number % 10_000}"


def broker_version(url: str) -> str:
    try:
        with closing(redis.Redis.from_url(url, socket_timeout=PATIENCE_SECONDS)) as client:
            return str(client.info("server")["redis_version"])
    except redis.AuthenticationError:
        raise Trouble(REASONS["password authentication failed"]) from None
    except redis.RedisError as error:
        raise Trouble(reason(error)) from None
    except ValueError:
        raise Trouble(INVALID) from None


def reason(error: Exception) -> str:
    return next((text for sign, text in REASONS.items() if sign in str(error)), UNKNOWN)


VERSION_OF = {"DATABASE_URL": postgres_version, "REDIS_URL": broker_version}
