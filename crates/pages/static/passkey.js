// Asks the browser for a passkey or a security key, and sends the answer to where the element with the
// question says: `data-passkey` says whether one is made ("create"), used ("get"), or used and also
// offered by the field of the e-mail address ("autofill").
(() => {
  const carrier = document.querySelector("[data-passkey]");
  if (!carrier) return;
  const kind = carrier.dataset.passkey;
  const part = (name) => document.querySelector(`[data-passkey-${name}]`);
  const problem = part("problem");
  const say = (text) => {
    problem.textContent = text;
    problem.hidden = !text;
  };
  if (!window.PublicKeyCredential || !navigator.credentials) {
    const missing = part("missing");
    if (missing) missing.hidden = false;
    return;
  }

  const decode = (text) =>
    Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (letter) => letter.charCodeAt(0));
  const encode = (buffer) =>
    btoa(String.fromCharCode(...new Uint8Array(buffer)))
      .replace(/\+/g, "-")
      .replace(/\//g, "_")
      .replace(/=+$/, "");
  const descriptors = (list) => (list ?? []).map((key) => ({ ...key, id: decode(key.id) }));

  const question = () => {
    const options = JSON.parse(carrier.dataset.options).publicKey;
    options.challenge = decode(options.challenge);
    if (options.user) options.user.id = decode(options.user.id);
    if (options.excludeCredentials) options.excludeCredentials = descriptors(options.excludeCredentials);
    if (options.allowCredentials) options.allowCredentials = descriptors(options.allowCredentials);
    return options;
  };
  const answer = (key) => {
    const said = key.response;
    const response = { clientDataJSON: encode(said.clientDataJSON) };
    if (said.attestationObject) {
      response.attestationObject = encode(said.attestationObject);
      response.transports = said.getTransports?.() ?? [];
    } else {
      response.authenticatorData = encode(said.authenticatorData);
      response.signature = encode(said.signature);
      const handle = said.userHandle;
      response.userHandle = handle?.byteLength ? encode(handle) : null;
    }
    const id = encode(key.rawId);
    const clientExtensionResults = key.getClientExtensionResults();
    return JSON.stringify({ id, rawId: id, type: key.type, response, clientExtensionResults });
  };
  const words = (error) => {
    switch (error.name) {
      case "NotAllowedError":
        return "Nothing was chosen, or it took too long. Try again, and do what your browser asks.";
      case "InvalidStateError":
        return "This passkey or security key is registered already. Use another one.";
      case "SecurityError":
        return "Your browser does not take passkeys at this address. Open this site by the address that your administrator gave you.";
      case "NotSupportedError":
      case "ConstraintError":
        return "This passkey or security key cannot do what is needed here. Use another one.";
      default:
        return "Your browser could not do this. Try again, or use another browser.";
    }
  };

  const send = (text) => {
    let form = carrier;
    if (kind !== "create") {
      form = document.createElement("form");
      form.method = "post";
      form.action = carrier.dataset.action;
      for (const name of ["csrf", "next", "ceremony", "answer"]) {
        const field = document.createElement("input");
        field.type = "hidden";
        field.name = name;
        field.value = carrier.dataset[name] ?? "";
        form.append(field);
      }
      document.body.append(form);
    }
    form.elements.answer.value = text;
    form.submit();
  };

  let waiting = null;
  let over = false;
  // The question lasts five minutes; one that is older would be refused.
  setTimeout(() => {
    over = true;
    waiting?.abort();
  }, 280000);

  const ask = async (mediation) => {
    waiting?.abort();
    const mine = new AbortController();
    waiting = mine;
    const request = { publicKey: question(), signal: mine.signal };
    if (mediation) request.mediation = mediation;
    const key =
      kind === "create"
        ? await navigator.credentials.create(request)
        : await navigator.credentials.get(request);
    send(answer(key));
  };
  const start = async () => {
    if (over) return location.reload();
    say("");
    const button = part("start");
    button.disabled = true;
    try {
      await ask();
    } catch (error) {
      button.disabled = false;
      say(words(error));
      button.focus();
    }
  };

  if (kind === "create") {
    carrier.addEventListener("submit", (event) => {
      event.preventDefault();
      start();
    });
    return;
  }
  part("offer").hidden = false;
  part("start").addEventListener("click", start);
  if (kind === "get") {
    part("start").focus();
    return;
  }
  PublicKeyCredential.isConditionalMediationAvailable?.().then((available) => {
    // Whoever says no to what the field offers types the password; nothing is to be said then.
    if (available && !waiting) ask("conditional").catch(() => {});
  });
})();
