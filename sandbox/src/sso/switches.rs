//! Makes one enum per switch, and the struct of all switches, from one table.

/// One switch as the console shows it.
pub(super) struct SwitchView {
    pub(super) name: &'static str,
    pub(super) label: &'static str,
    pub(super) positions: Vec<Position>,
}

/// One position of a switch.
pub(super) struct Position {
    pub(super) code: &'static str,
    pub(super) meaning: &'static str,
    pub(super) is_set: bool,
}

/// Each entry is a field, its type, its JSON name, its label, and its positions beside `None`.
macro_rules! switches {
    ($(
        $(#[doc = $doc:literal])+
        $field:ident: $Switch:ident, $name:literal, $label:literal {
            $( $Position:ident = $code:literal, $meaning:literal; )+
        }
    )+) => {
        $(
            $(#[doc = $doc])+
            #[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
            pub enum $Switch {
                /// As it should be.
                #[default]
                #[serde(rename = "none")]
                None,
                $( #[doc = $meaning] #[serde(rename = $code)] $Position, )+
            }

            impl $Switch {
                /// Every position, its code in JSON, and what it does.
                pub const ALL: &[(Self, &'static str, &'static str)] = &[
                    (Self::None, "none", "As it should be"),
                    $( (Self::$Position, $code, $meaning), )+
                ];
            }

            impl From<$Switch> for SettingsChange {
                fn from(position: $Switch) -> Self {
                    Self { $field: Some(position), ..Self::default() }
                }
            }
        )+

        /// The position of every switch.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
        pub struct Settings {
            $( $(#[doc = $doc])+ #[serde(rename = $name)] pub $field: $Switch, )+
            /// How late a slow answer comes.
            #[serde(rename = "slowMilliseconds")]
            pub slow_milliseconds: u32,
        }

        impl Default for Settings {
            fn default() -> Self {
                Self { $( $field: $Switch::None, )+ slow_milliseconds: 12_000 }
            }
        }

        /// The switches to move; those left out stay where they are.
        #[derive(Debug, Clone, Copy, Default, Deserialize)]
        #[serde(deny_unknown_fields)]
        pub struct SettingsChange {
            $( $(#[doc = $doc])+ #[serde(rename = $name)] pub $field: Option<$Switch>, )+
            /// How late a slow answer comes.
            #[serde(rename = "slowMilliseconds")]
            pub slow_milliseconds: Option<u32>,
        }

        impl Settings {
            pub(super) fn apply(&mut self, change: &SettingsChange) {
                $( self.$field = change.$field.unwrap_or(self.$field); )+
                self.slow_milliseconds = change.slow_milliseconds.unwrap_or(self.slow_milliseconds);
            }

            /// All switches, for the console.
            pub(super) fn switches(&self) -> Vec<SwitchView> {
                vec![$( SwitchView {
                    name: $name,
                    label: $label,
                    positions: $Switch::ALL
                        .iter()
                        .map(|&(position, code, meaning)| Position {
                            code,
                            meaning,
                            is_set: position == self.$field,
                        })
                        .collect(),
                }, )+]
            }
        }
    };
}

pub(super) use switches;
