// The page has one form that carries the sign-in to the application. Without this script the
// person presses its button.
document.forms[0].submit();
