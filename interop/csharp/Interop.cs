using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Threading;
using System.Xml.Linq;

/// <summary>
/// Runs what the C# client (Dtmcli) does over REST, with the library of mono only: its packages need a
/// newer .NET. Prints one line per scenario and fails when one of them does.
/// </summary>
static class Interop
{
    const int FinalWithinSeconds = 45;
    const string SagaSucceeded = "01 compensate prepared, 01 action succeed, 02 compensate prepared, 02 action succeed";
    const string SagaRolledBack = "01 compensate succeed, 01 action succeed, 02 compensate succeed, 02 action failed";
    const string TccConfirmed = "01 cancel prepared, 01 confirm succeed, 02 cancel prepared, 02 confirm succeed";
    const string TccCancelled = "01 cancel succeed, 01 confirm prepared, 02 cancel succeed, 02 confirm prepared";
    const string XaCommitted = "01 rollback prepared, 01 commit succeed, 02 rollback prepared, 02 commit succeed";
    const string Delivered = "01 action succeed, 02 action succeed";
    const string Waiting = "01 action prepared, 02 action prepared";
    const string Moved = "-30 30";
    const string Unchanged = "0 0";

    static Service service;

    static int Main(string[] args)
    {
        var flags = new Dictionary<string, string> { { "--http", "http://127.0.0.1:36789" }, { "--http-port", "0" } };
        for (var i = 0; i + 1 < args.Length; i += 2) flags[args[i]] = args[i + 1];
        ServicePointManager.DefaultConnectionLimit = 100;
        ServicePointManager.Expect100Continue = false;
        Client.Dtm = flags["--http"] + "/api/dtmsvr";
        service = new Service(int.Parse(flags["--http-port"]));
        service.Resume = (name, gid, data) =>
        {
            try
            {
                Workflow.Execute(service, gid, name, data);
                return 200;
            }
            catch (Client.Refused)
            {
                return 409;
            }
        };

        var passed = true;
        var threads = Scenarios().Select(scenario => new Thread(() =>
        {
            var ok = Run(scenario.Key, scenario.Value);
            lock (flags) passed &= ok;
        })).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
        return passed ? 0 : 1;
    }

    static bool Run(string name, Action<string> scenario)
    {
        var line = "ok csharp " + name;
        try
        {
            scenario(Client.NewGid());
        }
        catch (Exception e)
        {
            line = "FAIL csharp " + name + ": " + e.Message.Replace('\n', ' ');
        }
        lock (service) Console.WriteLine(line);
        return line.StartsWith("ok");
    }

    // --- what the client does

    static Dictionary<string, object> Steps(string gid, string type, params string[] members)
    {
        var body = Client.Transaction(gid, type);
        body["steps"] = new[] { "out", "in" }.Select(who => members.ToDictionary(m => m, m => (object)service.Url("memory", who))).ToList();
        body["payloads"] = new[] { "{\"amount\":30}", "{\"amount\":30}" };
        return body;
    }

    static Dictionary<string, object> Saga(string gid)
    {
        return Steps(gid, "saga", "action", "compensate");
    }

    static Dictionary<string, object> Message(string gid)
    {
        var body = Steps(gid, "msg", "action");
        body["query_prepared"] = service.Url("prepared", "memory");
        body["retry_interval"] = 1;
        return body;
    }

    static void Global(string gid, string type, Action<string, string> branch)
    {
        var body = Client.Transaction(gid, type);
        body["retry_interval"] = 1;
        try
        {
            Client.Call("prepare", body);
            branch("01", "out");
            branch("02", "in");
            Client.Call("submit", body);
        }
        catch (Exception e)
        {
            body["rollback_reason"] = e.Message;
            Client.Call("abort", body);
        }
    }

    static void Tcc(string gid)
    {
        Global(gid, "tcc", (branch, who) =>
        {
            var url = service.Url("memory", who);
            Client.RegisterBranch(gid, "tcc", new Dictionary<string, string>
            {
                { "data", "{\"amount\":30}" }, { "branch_id", branch }, { "confirm", url }, { "cancel", url },
            });
            Client.Checked(Client.Branch("POST", gid, "tcc", branch, "try", url, Amount()));
        });
    }

    static void Xa(string gid)
    {
        Global(gid, "xa", (branch, who) =>
            Client.Checked(Client.Branch("POST", gid, "xa", branch, "action", service.Url("xa", who), Amount())));
    }

    static Dictionary<string, object> Amount()
    {
        return new Dictionary<string, object> { { "amount", Ledger.Amount } };
    }

    // --- scenarios

    static Dictionary<string, Action<string>> Scenarios()
    {
        return new Dictionary<string, Action<string>>
        {
            { "saga.success", gid =>
                {
                    Client.Call("submit", Saga(gid));
                    Expect(gid, "succeed", "out.action in.action", SagaSucceeded, Moved);
                } },
            { "saga.rollback", gid =>
                {
                    service.Of(gid).Plan("in.action", "FAILURE");
                    Client.Call("submit", Saga(gid));
                    Expect(gid, "failed", "out.action in.action in.compensate out.compensate", SagaRolledBack, Unchanged);
                } },
            { "saga.retry", gid =>
                {
                    service.Of(gid).Plan("in.action", "ERROR", "ONGOING");
                    var saga = Saga(gid);
                    saga["retry_interval"] = 1;
                    Client.Call("submit", saga);
                    Expect(gid, "succeed", "out.action in.action in.action in.action", SagaSucceeded, Moved);
                } },
            { "saga.ordered", gid =>
                {
                    var saga = Saga(gid);
                    saga["custom_data"] = "{\"orders\":{\"1\":[0]},\"concurrent\":true}";
                    Client.Call("submit", saga);
                    Expect(gid, "succeed", "out.action in.action", SagaSucceeded, Moved);
                } },
            { "saga.wait", gid =>
                {
                    service.Of(gid).Plan("in.action", "FAILURE");
                    var saga = Saga(gid);
                    saga["wait_result"] = true;
                    Refuses(() => Client.Call("submit", saga));
                    Expect(gid, "failed", "out.action in.action in.compensate out.compensate", SagaRolledBack, Unchanged);
                } },
            { "saga.repeated", gid =>
                {
                    Client.Call("submit", Saga(gid));
                    Expect(gid, "succeed", "out.action in.action", SagaSucceeded, Moved);
                    Refuses(() => Client.Call("submit", Saga(gid)));
                    Expect(gid, "succeed", "out.action in.action", SagaSucceeded, Moved);
                } },
            { "tcc.success", gid =>
                {
                    Tcc(gid);
                    Expect(gid, "succeed", "out.try in.try in.confirm out.confirm", TccConfirmed, Moved);
                } },
            { "tcc.rollback", gid =>
                {
                    service.Of(gid).Plan("in.try", "FAILURE");
                    Tcc(gid);
                    Expect(gid, "failed", "out.try in.try in.cancel out.cancel", TccCancelled, Unchanged, "FAILURE");
                } },
            { "tcc.retry", gid =>
                {
                    service.Of(gid).Plan("in.confirm", "ERROR");
                    Tcc(gid);
                    Expect(gid, "succeed", "out.try in.try in.confirm in.confirm out.confirm", TccConfirmed, Moved);
                } },
            { "msg.success", gid =>
                {
                    Client.Call("submit", Message(gid));
                    Expect(gid, "succeed", "out.action in.action", Delivered, Moved);
                } },
            { "msg.retry", gid =>
                {
                    service.Of(gid).Plan("out.action", "FAILURE").Plan("in.action", "ONGOING");
                    Client.Call("submit", Message(gid));
                    Expect(gid, "succeed", "out.action out.action in.action in.action", Delivered, Moved);
                } },
            { "msg.two-phase", gid =>
                {
                    Client.Call("prepare", Message(gid));
                    Client.Call("submit", Message(gid));
                    Expect(gid, "succeed", "out.action in.action", Delivered, Moved);
                } },
            { "msg.local-refused", gid =>
                {
                    Client.Call("prepare", Message(gid));
                    Client.Call("abort", Message(gid));
                    Expect(gid, "failed", "", Waiting, Unchanged);
                } },
            { "msg.local-unclear", gid =>
                {
                    var message = Message(gid);
                    Client.Call("prepare", message);
                    Client.Checked(Client.Branch("GET", gid, "msg", "00", "msg", (string)message["query_prepared"], null));
                    Client.Call("submit", message);
                    Expect(gid, "succeed", "prepared out.action in.action", Delivered, Moved);
                } },
            { "msg.check-back-done", gid =>
                {
                    service.Of(gid).Plan("prepared", "ONGOING", "ERROR");
                    var message = Message(gid);
                    message["timeout_to_fail"] = 1;
                    Client.Call("prepare", message);
                    Expect(gid, "succeed", "prepared prepared prepared out.action in.action", Delivered, Moved);
                } },
            { "msg.check-back-refused", gid =>
                {
                    service.Of(gid).Plan("prepared", "FAILURE");
                    var message = Message(gid);
                    message["timeout_to_fail"] = 1;
                    Client.Call("prepare", message);
                    Expect(gid, "failed", "prepared", Waiting, Unchanged);
                } },
            { "xa.success", gid =>
                {
                    Xa(gid);
                    Expect(gid, "succeed", "out.action in.action out.commit in.commit", XaCommitted, Moved);
                } },
            { "xa.rollback", gid =>
                {
                    service.Of(gid).Plan("in.action", "FAILURE");
                    Xa(gid);
                    Expect(gid, "failed", "out.action in.action out.rollback", "01 rollback succeed, 01 commit prepared", Unchanged, "FAILURE");
                } },
            { "xa.retry", gid =>
                {
                    service.Of(gid).Plan("out.commit", "ERROR");
                    Xa(gid);
                    Expect(gid, "succeed", "out.action in.action out.commit out.commit in.commit", XaCommitted, Moved);
                } },
            { "workflow.success", gid =>
                {
                    for (var turn = 1; turn <= 2; turn++)
                    {
                        var result = Workflow.Execute(service, gid, "saga", "thirty");
                        Check(result == "moved thirty", "turn " + turn + ": result " + result);
                    }
                    Expect(gid, "succeed", "out.action in.action", "01 action succeed, 02 action succeed", Moved);
                } },
            { "workflow.rollback", gid =>
                {
                    service.Of(gid).Plan("in.action", "FAILURE");
                    for (var turn = 1; turn <= 2; turn++) Refuses(() => Workflow.Execute(service, gid, "saga", ""));
                    Expect(gid, "failed", "out.action in.action out.compensate",
                        "01 action succeed, 02 action failed, 01 rollback succeed", Unchanged, "refused + \"quoted\"");
                } },
            { "workflow.retry", gid =>
                {
                    service.Of(gid).Plan("in.action", "ERROR");
                    try
                    {
                        Workflow.Execute(service, gid, "saga", "later");
                        throw new Exception("no error from a broken step");
                    }
                    catch (InvalidOperationException)
                    {
                        Expect(gid, "succeed", "out.action in.action resumed in.action", "01 action succeed, 02 action succeed", Moved);
                    }
                } },
        };
    }

    // --- what a transaction must have come to

    static void Expect(string gid, string status, string calls, string branches, string balances, string reason = "")
    {
        var ledger = service.Of(gid);
        var deadline = DateTime.UtcNow.AddSeconds(FinalWithinSeconds);
        XElement found, transaction;
        while (true)
        {
            found = Client.Parse(Client.Send("GET", Client.Dtm + "/query?gid=" + gid, null).Text);
            transaction = found.Element("transaction");
            var got = transaction.Element("status")?.Value;
            if (got == "succeed" || got == "failed") break;
            Check(DateTime.UtcNow < deadline, "still " + got + ", calls " + ledger.AllCalls());
            Thread.Sleep(50);
        }
        var ended = transaction.Element("status").Value;
        Check(ended == status, "status " + ended + " (expected: " + status + "), calls " + ledger.AllCalls());
        Check(ledger.AllCalls() == calls, "calls " + ledger.AllCalls() + " (expected: " + calls + ")");
        var rows = string.Join(", ", found.Element("branches").Elements().Select(b =>
            b.Element("branch_id").Value + " " + b.Element("op").Value + " " + b.Element("status").Value));
        Check(rows == branches, "branches " + rows + " (expected: " + branches + ")");
        Check(ledger.Balances() == balances, "balances changed by " + ledger.Balances());
        var why = transaction.Element("rollback_reason")?.Value ?? "";
        Check(why.Contains(reason), "reason " + why);
        ReadAsTheClientDoes(transaction);
        foreach (var branch in found.Element("branches").Elements()) ReadAsTheClientDoes(branch);
    }

    /// <summary>The client's Query reads an int id and timestamps that are never null.</summary>
    static void ReadAsTheClientDoes(XElement row)
    {
        int.Parse(row.Element("id").Value);
        foreach (var name in new[] { "create_time", "update_time" })
        {
            DateTimeOffset time;
            var text = row.Element(name)?.Value;
            Check(DateTimeOffset.TryParse(text, out time) && time.Year > 2000, name + ": " + text);
        }
    }

    static void Check(bool claim, string why)
    {
        if (!claim) throw new Exception(why);
    }

    static void Refuses(Action act)
    {
        try
        {
            act();
        }
        catch (Client.Refused)
        {
            return;
        }
        throw new Exception("no refusal (expected: one)");
    }
}
