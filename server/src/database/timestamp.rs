//! How a [`Timestamp`] is stored: as a `BIGINT` of milliseconds.

use sqlx::{Database, Decode, Encode, Type, encode::IsNull, error::BoxDynError};

use super::Db;
use crate::clock::Timestamp;

impl Type<Db> for Timestamp {
    fn type_info() -> <Db as Database>::TypeInfo {
        <i64 as Type<Db>>::type_info()
    }

    fn compatible(info: &<Db as Database>::TypeInfo) -> bool {
        <i64 as Type<Db>>::compatible(info)
    }
}

impl Encode<'_, Db> for Timestamp {
    fn encode_by_ref(
        &self,
        buffer: &mut <Db as Database>::ArgumentBuffer,
    ) -> Result<IsNull, BoxDynError> {
        Encode::<Db>::encode(self.0, buffer)
    }
}

impl<'r> Decode<'r, Db> for Timestamp {
    fn decode(value: <Db as Database>::ValueRef<'r>) -> Result<Self, BoxDynError> {
        Decode::<Db>::decode(value).map(Self)
    }
}
