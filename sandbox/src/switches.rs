//! Macros that define the types of a service's switches by a table.

/// Defines a switch: an enum of its positions, each with its JSON code and a short description.
macro_rules! positions {
    (
        $(#[$attribute:meta])*
        pub enum $Switch:ident {
            $( $(#[$of_position:meta])* $Position:ident = $code:literal, $meaning:literal; )+
        }
    ) => {
        $(#[$attribute])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
        pub enum $Switch {
            $( $(#[$of_position])* #[serde(rename = $code)] $Position, )+
        }

        impl $Switch {
            /// Every position with its JSON code and its description.
            pub const ALL: &[(Self, &'static str, &'static str)] =
                &[$( (Self::$Position, $code, $meaning), )+];
        }
    };
}

/// Defines `Settings`, all switches of a service with their initial positions, and `SettingsChange`.
macro_rules! settings {
    ($( $(#[$attribute:meta])+ $switch:ident: $Type:ty = $start:expr; )+) => {
        /// The position of every switch.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
        #[serde(rename_all = "camelCase")]
        pub struct Settings {
            $( $(#[$attribute])+ pub $switch: $Type, )+
        }

        impl Default for Settings {
            fn default() -> Self {
                Self { $( $switch: $start, )+ }
            }
        }

        /// The switches to change; omitted ones stay as they are.
        #[derive(Debug, Clone, Copy, Default, serde::Deserialize)]
        #[serde(rename_all = "camelCase", deny_unknown_fields)]
        pub struct SettingsChange {
            $( $(#[$attribute])+ pub $switch: Option<$Type>, )+
        }

        impl Settings {
            pub(super) fn apply(&mut self, change: &SettingsChange) {
                $( self.$switch = change.$switch.unwrap_or(self.$switch); )+
            }
        }
    };
}

pub(crate) use {positions, settings};
