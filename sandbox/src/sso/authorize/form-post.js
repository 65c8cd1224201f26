// Submits the page's only form for the visitor.
document.forms[0].submit();
