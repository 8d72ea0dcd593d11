//! Columns of a table, found by name and checked once.

use arrow::array::{Array, ArrowPrimitiveType, AsArray, BooleanArray, PrimitiveArray, RecordBatch, StringArray};
use arrow::datatypes::{DataType, Date32Type, Decimal128Type, Int64Type};
use catalog::{MONEY_SCALE, SHARE_SCALE};

use crate::Error;

/// A table whose columns are asked for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Columns<'a> {
    table: &'static str,
    rows: &'a RecordBatch,
}

impl<'a> Columns<'a> {
    pub(crate) fn of(table: &'static str, rows: &'a RecordBatch) -> Self {
        Self { table, rows }
    }

    pub(crate) fn texts(&self, column: &'static str) -> Result<Texts<'a>, Error> {
        self.array(column, "text", |array| array.as_string_opt::<i32>()).map(Texts)
    }

    pub(crate) fn flags(&self, column: &'static str) -> Result<Flags<'a>, Error> {
        self.array(column, "boolean", |array| array.as_boolean_opt()).map(Flags)
    }

    pub(crate) fn days(&self, column: &'static str) -> Result<Numbers<'a, Date32Type>, Error> {
        self.numbers(column, "date", |_| true)
    }

    pub(crate) fn integers(&self, column: &'static str) -> Result<Numbers<'a, Int64Type>, Error> {
        self.numbers(column, "integer", |_| true)
    }

    pub(crate) fn shares(&self, column: &'static str) -> Result<Numbers<'a, Decimal128Type>, Error> {
        self.numbers(column, "share", |found| matches!(found, DataType::Decimal128(_, scale) if *scale == SHARE_SCALE))
    }

    pub(crate) fn money(&self, column: &'static str) -> Result<Numbers<'a, Decimal128Type>, Error> {
        self.numbers(column, "money", |found| matches!(found, DataType::Decimal128(_, scale) if *scale == MONEY_SCALE))
    }

    fn numbers<T: ArrowPrimitiveType>(
        &self,
        column: &'static str,
        needed: &'static str,
        is_right: impl Fn(&DataType) -> bool,
    ) -> Result<Numbers<'a, T>, Error> {
        self.array(column, needed, |array| array.as_primitive_opt::<T>().filter(|array| is_right(array.data_type()))).map(Numbers)
    }

    fn array<A>(&self, column: &'static str, needed: &'static str, cast: impl Fn(&'a dyn Array) -> Option<&'a A>) -> Result<&'a A, Error> {
        let found = self.rows.column_by_name(column).and_then(|array| cast(array.as_ref()));
        found.ok_or(Error::Column { table: self.table, column, needed })
    }
}

/// A column of texts.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Texts<'a>(&'a StringArray);

impl<'a> Texts<'a> {
    /// The text in a row; an empty one is none.
    pub(crate) fn at(&self, row: usize) -> Option<&'a str> {
        self.0.is_valid(row).then(|| self.0.value(row)).filter(|text| !text.is_empty())
    }

    pub(crate) fn rows(&self) -> usize {
        self.0.len()
    }
}

/// A column of truth values.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Flags<'a>(&'a BooleanArray);

impl Flags<'_> {
    pub(crate) fn at(&self, row: usize) -> Option<bool> {
        self.0.is_valid(row).then(|| self.0.value(row))
    }

    /// Whether a row says that it is so.
    pub(crate) fn is_set(&self, row: usize) -> bool {
        self.at(row) == Some(true)
    }
}

/// A column of numbers: days since 1970, whole numbers, or decimals in units of their scale.
#[derive(Debug)]
pub(crate) struct Numbers<'a, T: ArrowPrimitiveType>(&'a PrimitiveArray<T>);

impl<T: ArrowPrimitiveType> Numbers<'_, T> {
    pub(crate) fn at(&self, row: usize) -> Option<T::Native> {
        self.0.is_valid(row).then(|| self.0.value(row))
    }
}
