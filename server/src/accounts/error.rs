//! The error that use cases share, and the conversion of storage errors into the error of a use case.

use super::hasher::Overloaded;
use crate::{
    database::StorageError,
    limits::{LimitError, RateLimited},
};

/// Why a use case failed although its input was valid.
#[derive(Debug, thiserror::Error)]
pub enum ServiceError {
    #[error(transparent)]
    RateLimited(#[from] RateLimited),
    #[error(transparent)]
    Overloaded(#[from] Overloaded),
    #[error(transparent)]
    Storage(StorageError),
}

impl From<StorageError> for ServiceError {
    fn from(error: StorageError) -> Self {
        Self::Storage(error)
    }
}

impl From<LimitError> for ServiceError {
    fn from(error: LimitError) -> Self {
        match error {
            LimitError::RateLimited(rate_limited) => Self::RateLimited(rate_limited),
            LimitError::Storage(error) => Self::Storage(error),
        }
    }
}

/// Lets `?` turn a storage error into the error of a use case.
macro_rules! from_storage {
    ($error:ident::$variant:ident) => {
        impl From<StorageError> for $error {
            fn from(error: StorageError) -> Self {
                Self::$variant(error.into())
            }
        }
    };
}

pub(super) use from_storage;
