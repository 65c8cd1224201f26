//! A macro that defines an enum for each switch, and the struct of all switches, by one table.

/// Each entry is a field, its type, its JSON name, its label, and its positions besides `None`.
macro_rules! switches {
    ($(
        $(#[doc = $doc:literal])+
        $field:ident: $Switch:ident, $name:literal, $label:literal {
            $( $Position:ident = $code:literal, $meaning:literal; )+
        }
    )+) => {
        $(
            $crate::switches::positions! {
                $(#[doc = $doc])+
                pub enum $Switch {
                    /// Normal.
                    #[default]
                    None = "none", "Normal";
                    $( #[doc = $meaning] $Position = $code, $meaning; )+
                }
            }

            impl From<$Switch> for SettingsChange {
                fn from(position: $Switch) -> Self {
                    Self { $field: Some(position), ..Self::default() }
                }
            }
        )+

        $crate::switches::settings! {
            $( $(#[doc = $doc])+ $field: $Switch = $Switch::None; )+
            /// The delay of a slow response.
            slow_milliseconds: u32 = 12_000;
        }

        impl Settings {
            /// All switches as fields of the console's form.
            pub(super) fn fields(&self) -> Vec<Markup> {
                vec![$( choice($name, $label, $Switch::ALL, self.$field), )+]
            }
        }
    };
}

pub(super) use switches;
