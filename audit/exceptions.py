"""What can go wrong with the record of what was done."""


class AuditError(Exception):
    """Base of all."""


class NotInTransaction(AuditError):
    """An event was recorded outside the transaction of what it tells of: one could be kept without the other."""


class NotCanonical(AuditError):
    """A value has no form that is the same before and after a database has kept it."""


class NotALedger(AuditError):
    """A model cannot be a ledger, or a row is of none, or has not been saved."""


class AnchorNotWritten(AuditError):
    """The anchor could not be appended; the file is as it was."""
