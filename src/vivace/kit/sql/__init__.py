"""SQL databases by SQLAlchemy 2 (asyncio): SQLite embedded, PostgreSQL when a program outgrows it.

engine       an engine from a URL: drivers, time limits, SQLite's and PostgreSQL's own settings
places       how many may use the pool at once, so that nobody waits for what a waiting one holds
errors       what the database's errors mean for a client: unavailable, busy, in conflict
commits      `after_commit`: what is to be done once a transaction has been committed
database     `Database`: start and stop, a session for each request, transactions
retry        transactions and whole requests run again after a conflict
migrations   Alembic: upgrade, check, write revisions
"""

from vivace.kit.extras import need

need("sql", "sql", "sqlalchemy", "greenlet")

from vivace.kit.sql.commits import after_commit as after_commit
from vivace.kit.sql.database import Database as Database
from vivace.kit.sql.errors import DatabaseBusy as DatabaseBusy
from vivace.kit.sql.errors import DatabaseUnavailable as DatabaseUnavailable
from vivace.kit.sql.errors import TransactionConflict as TransactionConflict
from vivace.kit.sql.retry import RetryingRoute as RetryingRoute
