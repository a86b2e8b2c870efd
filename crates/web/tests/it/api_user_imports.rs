//! `/api/v1/user-imports` and `/api/v1/users/export.csv`

use std::fmt::Write as _;

use jetway_identity::Scope;
use jetway_identity::users::transfer::run_import_step;
use serde_json::{Value, json};

use crate::api::{Api, fields_of, problem};
use crate::browser::Answer;
use crate::site::{ROAD_RUNNER, Site};

const IMPORTS: &str = "/api/v1/user-imports";
const EXPORT: &str = "/api/v1/users/export.csv";

async fn upload(api: &Api<'_>, csv: &str) -> Answer {
    api.send_text(IMPORTS, "text/csv", csv.as_bytes()).await
}

/// Does what the server does in the background.
async fn run(site: &Site) {
    while run_import_step(&mut site.op(), site.store.as_ref())
        .await
        .unwrap()
    {}
}

#[tokio::test]
async fn a_file_is_looked_at_confirmed_and_imported_in_the_background() {
    let site = Site::start().await;
    let api = Api::new(&site, Scope::Full).await;
    let csv = format!(
        "email,username,firstname,state,groups,department,custom:Level:number\r\n\
         daffy@acme.example,daffy,Daffy,active,operations,Film,7\r\n\
         {ROAD_RUNNER},other,,,,,\r\n\
         nobody,bad name,,gone,,,seven\r\n\
         porky@acme.example,porky,,,,,\r\n\
         daffy@acme.example,daffy2,,,no such group,,\r\n"
    );
    let made = upload(&api, &csv).await;
    assert_eq!(made.status, 201, "{}", made.body);
    let preview = made.json();
    assert_eq!(preview["state"], "preview");
    assert_eq!(preview["file_name"], "users.csv");
    let counts =
        ["total", "accepted", "refused", "added"].map(|name| preview[name].as_u64().unwrap());
    assert_eq!(counts, [5, 2, 3, 0]);
    let problems = preview["problems"].as_array().unwrap();
    let lines: Vec<_> = problems
        .iter()
        .map(|problem| problem["line"].as_u64().unwrap())
        .collect();
    assert_eq!(lines.first(), Some(&3));
    for line in [3, 4, 6] {
        assert!(lines.contains(&line), "{problems:?}");
    }
    for problem in problems {
        assert!(!problem["field"].as_str().unwrap().is_empty());
        assert!(!problem["message"].as_str().unwrap().is_empty());
    }
    let place = made.header("location").to_owned();
    assert_eq!(api.get(&place).await.json(), preview);
    assert_eq!(
        api.get("/api/v1/users/counts").await.json()["all"],
        2,
        "nobody yet"
    );

    let confirmed = api.post(&format!("{place}/confirm"), &json!({})).await;
    assert_eq!(confirmed.status, 202, "{}", confirmed.body);
    assert_eq!(confirmed.json()["state"], "running");
    let again = api.post(&format!("{place}/confirm"), &json!({})).await;
    assert_eq!(problem(&again)["type"], "urn:jetway:problem:begun");
    assert_eq!(
        problem(&api.delete(&place).await)["type"],
        "urn:jetway:problem:begun"
    );
    run(&site).await;
    let done = api.get(&place).await.json();
    assert_eq!(
        (&done["state"], &done["added"], &done["failed"]),
        (&json!("done"), &json!(2), &json!(0))
    );
    let found = api.get("/api/v1/users?q=daffy").await.json()["items"][0].clone();
    assert_eq!(
        (&found["state"], &found["created_by"]),
        (&json!("active"), &json!("bulk"))
    );
    assert_eq!(found["attributes"], json!({"department": "Film"}));
    let listed = api.get(IMPORTS).await.json();
    assert_eq!(listed["items"][0]["id"], done["id"]);
}

/// Requirement A11: a file is no way around the right to change groups.
#[tokio::test]
async fn a_key_that_may_not_change_groups_puts_nobody_into_one_by_a_file() {
    let site = Site::start().await;
    let api = Api::new(&site, Scope::Users).await;
    let csv = "email,username,groups\na@acme.example,a,operations\nb@acme.example,b,\n";
    let preview = upload(&api, csv).await.json();
    assert_eq!(
        preview["problems"],
        json!([{"line": 2, "field": "groups",
            "message": "this needs a role that may change groups"}])
    );
    assert_eq!(preview["accepted"], 1);

    let full = Api::new(&site, Scope::Full).await;
    let made = upload(&full, csv).await;
    let place = made.header("location").to_owned();
    let refused = api.post(&format!("{place}/confirm"), &json!({})).await;
    assert_eq!(refused.status, 403, "{}", refused.body);
    assert!(
        problem(&refused)["detail"]
            .as_str()
            .unwrap()
            .contains("groups")
    );
    let confirmed = full.post(&format!("{place}/confirm"), &json!({})).await;
    assert_eq!(confirmed.status, 202, "{}", confirmed.body);
}

#[tokio::test]
async fn a_preview_is_thrown_away() {
    let site = Site::start().await;
    let api = Api::new(&site, Scope::Users).await;
    let made = upload(&api, "email,username\nx@acme.example,x\n").await;
    let place = made.header("location").to_owned();
    assert_eq!(api.delete(&place).await.status, 204);
    for answer in [
        api.get(&place).await,
        api.delete(&place).await,
        api.post(&format!("{place}/confirm"), &json!({})).await,
        api.get(&format!("{IMPORTS}/x")).await,
    ] {
        assert_eq!(answer.status, 404);
        problem(&answer);
    }
}

#[tokio::test]
async fn a_file_that_cannot_be_read_is_refused_with_the_place() {
    let site = Site::start().await;
    let api = Api::new(&site, Scope::Users).await;
    for (csv, field) in [
        ("", "body"),
        ("\n\n", "body"),
        ("username\nx\n", "email"),
        ("email\nx\n", "username"),
        ("email,username,shoe\n", "shoe"),
        ("email,username,Email\n", "Email"),
        (
            "email,username\na@acme.example,a\nb@acme.example\n",
            "line 3",
        ),
    ] {
        let answer = upload(&api, csv).await;
        assert_eq!(answer.status, 422, "{csv:?}: {}", answer.body);
        assert_eq!(fields_of(&answer), [field], "{csv:?}");
    }
    let answer = api
        .send_text(IMPORTS, "text/csv", b"email,username\n\xff\xfe,x\n")
        .await;
    assert_eq!(
        (answer.status, fields_of(&answer)),
        (422, vec!["body".to_owned()])
    );
    let answer = api.send_text(IMPORTS, "application/json", b"{}").await;
    assert_eq!(answer.status, 415);
    assert!(
        problem(&answer)["detail"]
            .as_str()
            .unwrap()
            .contains("text/csv")
    );
    let nothing = upload(&api, "email,username\nx,y z\n").await;
    let place = nothing.header("location").to_owned();
    let answer = api.post(&format!("{place}/confirm"), &json!({})).await;
    assert_eq!(
        problem(&answer)["type"],
        "urn:jetway:problem:nothing-to-import"
    );
    let null = upload(&api, "email,username,firstname\nx@acme.example,x,a\0b\n").await;
    assert_eq!(null.status, 201, "{}", null.body);
    assert_eq!(null.json()["refused"], 1);
}

#[tokio::test]
async fn a_wrong_parameter_of_the_export_is_named() {
    let site = Site::start().await;
    let api = Api::new(&site, Scope::Read).await;
    let answer = api.get(&format!("{EXPORT}?sort=name")).await;
    assert_eq!(
        (answer.status, fields_of(&answer)),
        (400, vec!["sort".to_owned()])
    );
    let answer = api.get(&format!("{EXPORT}?q=wile")).await;
    assert_eq!(answer.header("content-type"), "text/csv; charset=utf-8");
    assert!(
        answer
            .header("content-disposition")
            .starts_with("attachment")
    );
    assert_eq!(answer.body.lines().count(), 2, "{}", answer.body);
    assert!(!answer.body.contains("argon2"));
}

/// What a row says, by the names of the columns and without the empty ones.
fn rows(csv: &str) -> Vec<Vec<(String, String)>> {
    let mut lines = csv.split("\r\n").filter(|line| !line.is_empty());
    let cells = |line: &str| {
        let mut cells = vec![String::new()];
        let (mut quoted, mut before) = (false, ' ');
        for c in line.chars() {
            match c {
                '"' => {
                    if !quoted && before == '"' {
                        cells.last_mut().unwrap().push('"');
                    }
                    quoted = !quoted;
                }
                ',' if !quoted => cells.push(String::new()),
                c => cells.last_mut().unwrap().push(c),
            }
            before = c;
        }
        cells
    };
    let names = cells(lines.next().unwrap());
    let mut rows: Vec<_> = lines
        .map(|line| {
            let pairs = names.iter().cloned().zip(cells(line));
            let mut pairs: Vec<_> = pairs.filter(|(_, cell)| !cell.is_empty()).collect();
            pairs.sort();
            pairs
        })
        .collect();
    rows.sort();
    rows
}

/// Issue: "Importing 10,000 users from CSV, then exporting, gives back the same data."
#[tokio::test]
async fn ten_thousand_imported_people_come_back_in_the_export_as_they_were() {
    const PEOPLE: usize = 10_000;
    let site = Site::start().await;
    let api = Api::new(&site, Scope::Full).await;
    let everyone = json!({"action": "delete", "filter": {}});
    assert_eq!(
        api.post("/api/v1/users/bulk", &everyone).await.json()["done"],
        2
    );
    let mut csv = "email,username,firstname,lastname,displayname,state,password_never_expires,\
                   groups,department,addresses.work.region,custom:Project:string,custom:Level:number,\
                   custom:Remote:boolean,custom:Tools:json\r\n"
        .to_owned();
    for number in 0..PEOPLE {
        let state = ["active", "staged", "suspended"][number % 3];
        let group = if number % 2 == 0 { "operations" } else { "" };
        let last = [
            "O'Hara",
            "Müller, Jr.",
            "דאפי",
            "<script>",
            "'=1+1",
            "🦆 \"Duck\"",
        ][number % 6];
        write!(
            csv,
            "p{number}@acme.example,p{number},First{number},\"{}\",,{state},{},{group},\
             Dept {},{},Project {number},{}.5,{},\"[{number},{{\"\"a\"\":null}}]\"\r\n",
            last.replace('"', "\"\""),
            number % 5 == 0,
            number % 10,
            if number % 4 == 0 { "" } else { "CA" },
            number,
            number % 2 == 0,
        )
        .unwrap();
    }
    let made = upload(&api, &csv).await;
    assert_eq!(made.status, 201, "{}", made.body);
    assert_eq!(made.json()["refused"], 0, "{}", made.body);
    let place = made.header("location").to_owned();
    assert_eq!(
        api.post(&format!("{place}/confirm"), &json!({}))
            .await
            .status,
        202
    );
    run(&site).await;
    let done: Value = api.get(&place).await.json();
    assert_eq!(
        (&done["added"], &done["failed"]),
        (&json!(PEOPLE), &json!(0))
    );

    let exported = api.get(EXPORT).await;
    assert_eq!(exported.status, 200);
    let (sent, back) = (rows(&csv), rows(&exported.body));
    assert_eq!(back.len(), PEOPLE);
    for (sent, back) in sent.iter().zip(&back) {
        assert_eq!(sent, back);
    }
    let counts = api.get("/api/v1/users/counts").await.json();
    assert_eq!(counts["all"], PEOPLE);
}
