"""`bank-statements`: what the banks say of the city's accounts."""

from typing import Any
from uuid import UUID

import sqlalchemy as sa
from flask import request
from flask_smorest.fields import Upload

from finance_sts.model.bank_statement import BankLine, BankStatement
from finance_sts.use_cases import bank_statements as use_cases
from smartcity.errors import InputWrong
from smartcity.http import Blueprint, Schema, actor, case, fields, idempotent, now, page, session, shown

statements = Blueprint("bank_statements", description="Bank statements of the city's accounts.")


class StatementForm(Schema):
    mapping = fields.Code(metadata={"description": "For CSV: the declared mapping of the bank", "example": "bank-demo-1"})
    file = Upload(metadata={"description": "camt.053 (XML), MT940, or CSV; at most 25 MB; one statement of one account"})


class BankStatementView(Schema):
    id = fields.UUID()
    account = fields.String()
    statement_id = fields.String(metadata={"description": "The bank's own name for it"})
    format = fields.String()
    opening = fields.Whole(metadata={"description": "Whole rupiah"})
    closing = fields.Whole()
    opened_on = fields.Day()
    closed_on = fields.Day()
    line_count = fields.Whole()
    loaded_at = fields.Moment()
    matched_at = fields.Moment(allow_none=True, metadata={"description": "When it was compared with the books"})


class BankLineView(Schema):
    line = fields.Whole()
    value_date = fields.Day()
    booking_date = fields.Day()
    amount = fields.Integer(metadata={"description": "Whole rupiah; negative what went out"})
    kind = fields.String()
    references = fields.List(fields.String())
    narrative = fields.String()


@statements.post("/bank-statements")
@idempotent
@statements.arguments(StatementForm, location="form", content_type="multipart/form-data")
@statements.response(201, BankStatementView)
def load_bank_statement(form: dict[str, Any]) -> BankStatement:
    """Load a statement; it is compared with the books at once."""
    upload = request.files.get("file")
    if upload is None:
        raise InputWrong({"file": ["file-missing"]})
    return shown(use_cases.load(session(), actor(), upload.stream.read(), form.get("mapping"), now()))


@statements.get("/bank-statements")
@statements.paged(BankStatementView)
def list_bank_statements() -> dict[str, Any]:
    """The statements, newest first."""
    return page(sa.select(BankStatement), BankStatement.id.desc())


@statements.get("/bank-statements/<uuid:statement_id>")
@statements.response(200, BankStatementView)
def show_bank_statement(statement_id: UUID) -> BankStatement:
    """One statement."""
    return case(BankStatement, statement_id)


@statements.get("/bank-statements/<uuid:statement_id>/lines")
@statements.paged(BankLineView)
def list_bank_lines(statement_id: UUID) -> dict[str, Any]:
    """The lines of a statement, as the bank ordered them."""
    statement = case(BankStatement, statement_id)
    return page(sa.select(BankLine).where(BankLine.statement_id == statement.id), BankLine.line)
