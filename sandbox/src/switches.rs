//! Makes the types of a service's switches from tables.

/// A switch: its positions, each with its code in JSON and what it means in a few words.
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
            /// Every position, its code in JSON, and what it means.
            pub const ALL: &[(Self, &'static str, &'static str)] =
                &[$( (Self::$Position, $code, $meaning), )+];
        }
    };
}

/// All switches of a service, each with the position that it starts in, and the change of some of them.
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

        /// The switches to move; those left out stay where they are.
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
