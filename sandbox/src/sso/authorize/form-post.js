// Presses the page's only button for the visitor.
document.forms[0].submit();
