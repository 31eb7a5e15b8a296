"""What a person does on any page: press a button, open a step, fill in its form and send it."""


def press(page, name):
    page.get_by_role("button", name=name, exact=True).first.click()


def open_step(page, name):
    page.get_by_role("link", name=name, exact=True).first.click()


def fill_in(form, **values):
    """Give the form the values by the names of its fields, whatever kind of box each is."""
    for name, value in values.items():
        box = form.locator(f"[name={name}]")
        kind = box.first.get_attribute("type") or box.first.evaluate("box => box.localName")
        if kind == "radio":
            form.locator(f"[name={name}][value='{value}']").check()
        elif kind == "checkbox":
            box.set_checked(value)
        elif kind == "select":
            box.select_option(value)
        else:
            box.fill(value)


def form_with(page, button):
    """Return the form that the button sends."""
    return page.locator("form", has=page.get_by_role("button", name=button, exact=True)).first


def send(page, button, **values):
    form = form_with(page, button)
    fill_in(form, **values)
    form.get_by_role("button", name=button, exact=True).click()


def save(page, button, **values):
    """Send the form and wait for the page that follows."""
    with page.expect_navigation():
        send(page, button, **values)


def take(page, step, button, **values):
    """Take a step of the case: open its form in place, fill it in, and save it."""
    open_step(page, step)
    save(page, button, **values)
